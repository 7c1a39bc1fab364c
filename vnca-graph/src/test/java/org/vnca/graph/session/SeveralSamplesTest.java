package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
import org.vnca.graph.spec.Objective;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.StepRates;
import org.vnca.graph.training.TrainingStep;

/**
 * Training by several latent vectors of each image: however the batch is divided, and its values.
 */
class SeveralSamplesTest {
  private static final int BATCH = 12;
  private static final int SIDE = 16;
  private static final int SAMPLES = 3;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));

  /** Its cells update at random, by masks that are drawn for all decodings of the batch. */
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8));

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(Objective.IWAE, DOUBLING, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(Objective.IWAE, NON_DOUBLING, MemoryPolicy.RECOMPUTE, Precision.FLOAT32),
        Arguments.of(Objective.ELBO, NON_DOUBLING, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(Objective.IWAE, DOUBLING, MemoryPolicy.STORE, Precision.BFLOAT16));
  }

  /**
   * To rounding; in bfloat16 to that of a kernel's gradient in each part, with the bounds of {@link
   * MicroBatchTest}.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void steps_inPartsOrOnTwoDevices_areThoseOfTheWholeBatch(
      Objective objective, DecoderSpec decoder, MemoryPolicy memory, Precision precision) {
    TrainingStep.Settings settings = settings(memory, precision).with(objective, SAMPLES);
    boolean whole = precision == Precision.FLOAT32;
    Outcome expected = train(decoder, settings, 1);
    Outcome inThree = train(decoder, settings.in(MicroBatches.exactly(BATCH, 3)), 1);
    Outcome onTwo = train(decoder, settings.in(MicroBatches.exactly(BATCH, 2)), 2);
    for (Outcome divided : List.of(inThree, onTwo)) {
      for (int i = 0; i < expected.numbers.size(); i++) {
        double number = expected.numbers.get(i);
        assertThat(divided.numbers.get(i))
            .as("number " + i)
            .isCloseTo(number, within((whole ? 1e-4 : 1 / 256.0) * Math.max(1, Math.abs(number))));
      }
      assertThat(divided.variables.keySet()).isEqualTo(expected.variables.keySet());
      expected.variables.forEach(
          (name, values) ->
              requireNear(name, divided.variables.get(name), values, whole ? 1e-4 : 1 / 32.0));
    }
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

  @Test
  void iwaeBound_isToldOfSeveralSamples_withoutBeta() {
    TrainingStep.Settings plain = settings(MemoryPolicy.STORE, Precision.FLOAT32);
    try (VncaSession one = session(DOUBLING, plain.with(Objective.IWAE, 1), 1);
        VncaSession elbo = session(DOUBLING, plain.with(Objective.ELBO, SAMPLES), 1);
        VncaSession iwae = session(DOUBLING, plain.with(Objective.IWAE, SAMPLES), 1)) {
      StepRates half = new StepRates(0, 0.5f, Float.POSITIVE_INFINITY);
      assertThat(one.training().step(images(), 0, half).iwaeBound()).isEmpty();
      Training.StepValues mean = elbo.training().step(images(), 0, half);
      Training.StepValues halved = iwae.training().step(images(), 0, half);
      Training.StepValues full = iwae.training().step(images(), 0);
      assertThat(mean.loss()).isCloseTo(mean.reconstruction() + 0.5f * mean.kl(), within(1e-4f));
      assertThat(halved.iwaeBound()).isEqualTo(mean.iwaeBound());
      assertThat(halved.reconstruction()).isEqualTo(mean.reconstruction());
      assertThat(halved.kl()).isEqualTo(mean.kl());
      assertThat(-full.loss()).isCloseTo((float) full.iwaeBound().orElseThrow(), within(1e-4f));
      assertThat(-halved.loss())
          .as("a loss with beta is no bound")
          .isNotCloseTo((float) halved.iwaeBound().orElseThrow(), within(1e-2f));
    }
  }

  /** The guard leaves all as it was, and later steps are those of the number that they have. */
  @Test
  void guard_ofAStepBySeveralSamples_leavesEverythingAsItWas() {
    TrainingStep.Settings settings =
        settings(MemoryPolicy.STORE, Precision.FLOAT32).with(0, true).with(Objective.IWAE, SAMPLES);
    try (VncaSession session = session(DOUBLING, settings, 1)) {
      StepRates free = new StepRates(1e-3f, 1, Float.POSITIVE_INFINITY);
      session.training().step(images(), 0, free);
      Map<String, float[]> before = session.variables().values();
      StepRates tight = new StepRates(1e-3f, 1, 1e-6f);
      Training.StepValues skipped = session.training().step(images(), 1, tight);
      assertThat(tight.skips(skipped.gradientNorm())).isTrue();
      session
          .variables()
          .values()
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
      assertThat(session.training().step(images(), 1, free)).isEqualTo(skipped);
    }
  }

  private static TrainingStep.Settings settings(MemoryPolicy memory, Precision precision) {
    return new TrainingStep.Settings(
        1,
        10,
        memory,
        precision,
        // With a small epsilon, Adam would make whole steps of the roundings of a zero.
        new Adam.Settings(1e-3, 0.9, 0.999, 1),
        PoolSpec.NONE);
  }

  private static VncaSession session(
      DecoderSpec decoder, TrainingStep.Settings settings, int devices) {
    ModelSpec model =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            decoder,
            new LikelihoodSpec.Bernoulli());
    List<DeviceName> names =
        devices == 1 ? List.of() : List.of(new DeviceName(false, 0), new DeviceName(false, 1));
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            false,
            names,
            Optional.empty());
    VncaSession session = VncaSession.forTraining(model, INPUT, 1, settings, host);
    session.initialize();
    return session;
  }

  /** Three steps. */
  private static Outcome train(DecoderSpec decoder, TrainingStep.Settings settings, int devices) {
    List<Double> numbers = new ArrayList<>();
    try (VncaSession session = session(decoder, settings, devices)) {
      for (int step = 0; step < 3; step++) {
        Training.StepValues values = session.training().step(images(), step);
        numbers.add((double) values.loss());
        numbers.add((double) values.reconstruction());
        numbers.add((double) values.kl());
        numbers.add((double) values.gradientNorm());
        numbers.add(values.iwaeBound().orElseThrow());
      }
      return new Outcome(numbers, session.variables().values());
    }
  }

  private static byte[] images() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) random.nextInt(2);
    }
    return images;
  }

  private record Outcome(List<Double> numbers, Map<String, float[]> variables) {}
}
