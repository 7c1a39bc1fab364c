package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.vnca.graph.training.Reading;
import org.vnca.graph.training.StepRates;
import org.vnca.graph.training.TrainingStep;

/** The moving average of the weights, of a decoder that settles and has a pool. */
class AverageTest {
  private static final int SIDE = 8;
  private static final int BATCH = 4;
  private static final float ANY = Float.POSITIVE_INFINITY;
  private static final double DECAY = 0.3;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec SETTLING =
      DecoderSpec.Doubling.of(2, 1, new UpdateSpec.Simple(4)).with(new DecoderSpec.Settle(1, 2, 1));
  private static final ModelSpec MODEL =
      new ModelSpec(
          8,
          Posterior.LOG_VARIANCE,
          new EncoderSpec(2, 3),
          SETTLING,
          new LikelihoodSpec.Bernoulli());

  @TempDir Path folder;

  /** By hand: a += (1 - d)(w - a), d = (1 + t) / (10 + t) until that is 0.3, which is at t = 3. */
  @Test
  void average_isTheRecursionOverTheWeights_whichItLeavesAsTheyAre() {
    int devices = 2;
    try (VncaSession session = training(DECAY, devices);
        VncaSession without = training(0, devices)) {
      Map<String, float[]> start = session.variables().values();
      Map<String, double[]> expected = new TreeMap<>();
      for (String name : weights(session)) {
        assertThat(start.get(name + "/average")).as(name).isEqualTo(start.get(name));
        expected.put(name, doubles(start.get(name)));
      }
      double[] decays = {1 / 10.0, 2 / 11.0, 3 / 12.0, 0.3, 0.3, 0.3};
      for (int step = 0; step < decays.length; step++) {
        assertThat(session.training().step(images(), step))
            .isEqualTo(without.training().step(images(), step));
        Map<String, float[]> values = session.variables().values();
        for (String name : weights(session)) {
          double[] average = expected.get(name);
          for (int i = 0; i < average.length; i++) {
            average[i] += (1 - decays[step]) * (values.get(name)[i] - average[i]);
            assertThat((double) values.get(name + "/average")[i])
                .as("%s of step %d", name, step)
                .isCloseTo(average[i], within(1e-6));
          }
        }
      }
      Map<String, float[]> values = session.variables().values();
      assertThat(values.get("decoder/out/weight/average"))
          .isNotEqualTo(values.get("decoder/out/weight"));
      values.keySet().removeIf(name -> name.endsWith("/average"));
      requireEqual(values, without.variables().values());
    }
  }

  @Test
  void aSkippedStep_leavesItAsItWas() {
    TrainingStep.Settings guarded = settings(DECAY).with(0, true);
    try (VncaSession session = training(guarded, 1)) {
      StepRates free = new StepRates(1e-2f, 1, ANY);
      session.training().step(images(), 0, free);
      Map<String, float[]> before = session.variables().values();
      session.training().step(images(), 1, new StepRates(1e-2f, 1, 1e-6f));
      requireEqual(session.variables().values(), before);
      session.training().step(images(), 1, free);
      assertThat(session.variables().values().get("encoder/conv0/weight/average"))
          .isNotEqualTo(before.get("encoder/conv0/weight/average"));
    }
  }

  @Test
  void averaged_measuresByTheAverage_andPutsEverythingBack() {
    try (VncaSession session = training(DECAY, 1)) {
      train(session, 0, 3);
      Map<String, float[]> before = session.variables().values();
      session.save(folder.resolve("v"), 3);
      float[][] measured = session.training().averaged(() -> likelihoods(session));
      assertThat(measured).isNotEqualTo(likelihoods(session));
      requireEqual(session.variables().values(), before);
      assertThatThrownBy(
              () ->
                  session
                      .training()
                      .averaged(
                          () -> {
                            throw new IllegalStateException("the work");
                          }))
          .hasMessage("the work");
      requireEqual(session.variables().values(), before);
      try (VncaSession reading = evaluation()) {
        reading.restore(folder.resolve("v"), Reading.AVERAGE);
        assertThat(likelihoods(reading)).isEqualTo(measured);
        assertThat(reading.variables().values().keySet()).isEqualTo(weights(session));
        reading.restore(folder.resolve("v"), Reading.AS_WRITTEN);
        assertThat(likelihoods(reading)).isEqualTo(likelihoods(session));
      }
    }
  }

  @Test
  void restored_goesOnBitForBit() {
    int devices = 2;
    Map<String, float[]> straight;
    try (VncaSession session = training(DECAY, devices)) {
      train(session, 0, 2);
      session.save(folder.resolve("v"), 2);
      train(session, 2, 5);
      straight = session.variables().values();
    }
    try (VncaSession session = training(DECAY, devices)) {
      session.restore(folder.resolve("v"));
      train(session, 2, 5);
      requireEqual(session.variables().values(), straight);
    }
    try (VncaSession given = training(0, devices)) {
      given.restore(folder.resolve("v"));
      train(given, 2, 5);
      straight.keySet().removeIf(name -> name.endsWith("/average"));
      requireEqual(given.variables().values(), straight);
    }
  }

  @Test
  void whereTheCheckpointHasNone_itBeginsWithTheWeights() {
    try (VncaSession without = training(0, 1);
        VncaSession session = training(DECAY, 1)) {
      train(without, 0, 3);
      without.save(folder.resolve("v"), 3);
      session.restore(folder.resolve("v"), Reading.AVERAGE_FROM_WEIGHTS);
      Map<String, float[]> values = session.variables().values();
      for (String name : weights(session)) {
        assertThat(values.get(name + "/average")).as(name).isEqualTo(values.get(name));
      }
      values.keySet().removeIf(name -> name.endsWith("/average"));
      requireEqual(values, without.variables().values());
      assertThat(session.training().poolEntries()).isEqualTo(without.training().poolEntries());
    }
  }

  @Test
  void weightsThatAreAssigned_areTheirOwnAverage() {
    try (VncaSession session = training(DECAY, 1)) {
      float[] bias = session.variables().values().get("encoder/conv0/bias").clone();
      bias[1] += 2;
      session.variables().assign(Map.of("encoder/conv0/bias", bias));
      assertThat(session.variables().values().get("encoder/conv0/bias/average")).isEqualTo(bias);
    }
  }

  private static float[][] likelihoods(VncaSession session) {
    return session
        .sampling()
        .importanceSamples(images(), new long[] {0, 1, 2, 3}, 0, 2)
        .logLikelihood();
  }

  private static java.util.Set<String> weights(VncaSession session) {
    return session.variables().trainableShapes().keySet();
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static void train(VncaSession session, int from, int to) {
    for (int step = from; step < to; step++) {
      session.training().step(images(), step);
    }
  }

  private static void requireEqual(Map<String, float[]> got, Map<String, float[]> expected) {
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
  }

  private static TrainingStep.Settings settings(double decay) {
    return new TrainingStep.Settings(
            1,
            10,
            MemoryPolicy.STORE,
            Precision.FLOAT32,
            new Adam.Settings(1e-2, 0.9, 0.999, 1e-8),
            new PoolSpec(6, 2, PoolSpec.Used.STAY))
        .averaging(decay);
  }

  private static VncaSession training(double decay, int devices) {
    return training(settings(decay), devices);
  }

  private static VncaSession training(TrainingStep.Settings settings, int devices) {
    VncaSession session = VncaSession.forTraining(MODEL, INPUT, 1, settings, host(devices));
    session.initialize();
    return session;
  }

  private static VncaSession evaluation() {
    return VncaSession.forEvaluation(MODEL, INPUT, 1, host(1));
  }

  private static Host host(int devices) {
    return new Host(
        DeviceRequest.setting(Device.CPU),
        1,
        ConvolutionAlgorithm.WINOGRAD,
        false,
        devices == 1
            ? List.of()
            : IntStream.range(0, devices).mapToObj(i -> new DeviceName(false, i)).toList(),
        Optional.empty());
  }

  private static byte[] images() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) random.nextInt(2);
    }
    return images;
  }
}
