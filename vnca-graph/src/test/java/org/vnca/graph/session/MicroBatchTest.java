package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.TrainingStep;

/** Training in micro-batches against training with the whole batch at once. */
class MicroBatchTest {
  private static final int BATCH = 12;
  private static final int SIDE = 16;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));
  private static final DecoderSpec CONVOLUTIONAL =
      new DecoderSpec.Convolutional(3, 2, 5, false, 0.8);

  /** Its cells update at random, by masks that are drawn for the whole batch. */
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8));

  /** Grows the fresh images of a part alone, of which one has none. */
  private static final DecoderSpec SETTLING =
      new DecoderSpec.Doubling(3, 2, UpdateSpec.Residual.of(8, 1), false, 0.7, 0)
          .with(new DecoderSpec.Settle(1, 4, 2))
          .bounded(3)
          .with(10);

  private static final PoolSpec POOL = new PoolSpec(24, 8, PoolSpec.Used.STAY);

  /** Decoder, pool and number of devices. */
  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(DOUBLING, PoolSpec.NONE, 1),
        Arguments.of(NON_DOUBLING, PoolSpec.NONE, 1),
        Arguments.of(NON_DOUBLING, POOL, 1),
        Arguments.of(SETTLING, PoolSpec.NONE, 1),
        Arguments.of(SETTLING, POOL, 1),
        Arguments.of(SETTLING, POOL, 2),
        Arguments.of(CONVOLUTIONAL, PoolSpec.NONE, 1),
        Arguments.of(DOUBLING, PoolSpec.NONE, 2),
        Arguments.of(NON_DOUBLING, POOL, 2));
  }

  static Stream<Arguments> cases() {
    return models()
        .flatMap(c -> Stream.of(MemoryPolicy.values()).map(memory -> with(c.get(), memory)));
  }

  private static Arguments with(Object[] others, MemoryPolicy memory) {
    return Arguments.of(others[0], others[1], others[2], memory);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void steps_areThoseOfTheWholeBatch_toRounding(
      DecoderSpec decoder, PoolSpec pool, int devices, MemoryPolicy memory) {
    requireAsWhole(decoder, pool, devices, memory, Precision.FLOAT32, 1e-4, 1e-4);
  }

  /**
   * Each part's gradient of a kernel is rounded to bfloat16, by 2^-9 of it at most, before it is
   * added up, and the gradients before it follow from rounded ones. Measured with these models and
   * five seeds, the worst of the values is off by 0.0008 (gradient norm), the worst of the
   * variables by 0.012 (a second moment of Adam, which is of squared gradients; first moments are
   * off by 0.011, weights by 0.0018). The bounds are 5 and 2.6 times as much.
   */
  @ParameterizedTest
  @MethodSource("models")
  void steps_inBfloat16_areThoseOfTheWholeBatch_toItsRounding(
      DecoderSpec decoder, PoolSpec pool, int devices) {
    requireAsWhole(
        decoder, pool, devices, MemoryPolicy.STORE, Precision.BFLOAT16, 1 / 256.0, 1 / 32.0);
  }

  /**
   * Three micro-batches against one.
   *
   * @param figures bound of what a step reports, measured by its size, or by 1 nat if that is more
   * @param variables bound of the variables' values, measured by the largest of each
   */
  private static void requireAsWhole(
      DecoderSpec decoder,
      PoolSpec pool,
      int devices,
      MemoryPolicy memory,
      Precision precision,
      double figures,
      double variables) {
    Outcome whole = train(decoder, pool, devices, memory, precision, MicroBatches.WHOLE);
    MicroBatches three = new MicroBatches(BATCH, 4 / devices);
    assertThat(three.count(devices)).isEqualTo(3);
    Outcome divided = train(decoder, pool, devices, memory, precision, three);
    requireNear(divided, whole, figures, variables);
  }

  /** What two trainings came to, the same but for rounding. */
  static void requireNear(Outcome divided, Outcome whole, double figures, double variables) {
    for (int i = 0; i < whole.figures.size(); i++) {
      double expected = whole.figures.get(i);
      assertThat((double) divided.figures.get(i))
          .as("figure " + i)
          .isCloseTo(expected, Offset.offset(figures * Math.max(1, Math.abs(expected))));
    }
    assertThat(divided.entries).isEqualTo(whole.entries);
    assertThat(divided.variables.keySet()).isEqualTo(whole.variables.keySet());
    whole.variables.forEach(
        (name, expected) -> requireNear(name, divided.variables.get(name), expected, variables));
  }

  /** Measured by the largest value. */
  private static void requireNear(String name, float[] got, float[] expected, double bound) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(got[i] - expected[i]));
    }
    assertThat(worst).as(name).isLessThanOrEqualTo(bound * largest);
  }

  private static Outcome train(
      DecoderSpec decoder,
      PoolSpec pool,
      int devices,
      MemoryPolicy memory,
      Precision precision,
      MicroBatches division) {
    return train(decoder, pool, devices, memory, precision, division, false);
  }

  /** Three steps. */
  static Outcome train(
      DecoderSpec decoder,
      PoolSpec pool,
      int devices,
      MemoryPolicy memory,
      Precision precision,
      MicroBatches division,
      boolean xla) {
    ModelSpec model =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            decoder,
            new LikelihoodSpec.Bernoulli());
    TrainingStep.Settings settings =
        new TrainingStep.Settings(
                1,
                10,
                memory,
                precision,
                // With a small epsilon, Adam would make whole steps of the roundings of a zero.
                new Adam.Settings(1e-3, 0.9, 0.999, 1),
                pool)
            .in(division);
    List<DeviceName> names =
        devices == 1 ? List.of() : List.of(new DeviceName(false, 0), new DeviceName(false, 1));
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            xla,
            names,
            Optional.empty());
    SplittableRandom random = new SplittableRandom(7);
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) random.nextInt(2);
    }
    List<Float> figures = new ArrayList<>();
    try (VncaSession session = VncaSession.forTraining(model, INPUT, 1, settings, host)) {
      session.initialize();
      for (int step = 0; step < 3; step++) {
        Training.StepValues figure = session.training().step(images, step);
        figures.addAll(
            List.of(figure.loss(), figure.reconstruction(), figure.kl(), figure.gradientNorm()));
      }
      return new Outcome(figures, session.variables().values(), session.training().poolEntries());
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // compared one by one
  record Outcome(List<Float> figures, Map<String, float[]> variables, int[] entries) {}
}
