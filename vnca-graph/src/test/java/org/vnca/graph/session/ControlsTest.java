package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
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
import org.vnca.graph.training.StepRates;
import org.vnca.graph.training.TrainingStep;

/** What a step can be told: its rates, weight decay, free bits, a guard, and parts of a batch. */
class ControlsTest {
  private static final int SIDE = 8;
  private static final int BATCH = 4;
  private static final double RATE = 1e-3;
  private static final float ANY = Float.POSITIVE_INFINITY;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final PoolSpec POOL = new PoolSpec(6, 2, PoolSpec.Used.STAY);
  private static final Adam.Settings ADAM = new Adam.Settings(RATE, 0.9, 0.999, 1e-8);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(2, 2, new UpdateSpec.Simple(4));
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(2, 4, 3), 0.7, new UpdateSpec.Simple(4));

  @Test
  void step_atTheRatesOfTheSettings_isTheStepThatIsToldNone() {
    try (VncaSession told = session(DOUBLING, settings(ADAM, PoolSpec.NONE));
        VncaSession untold = session(DOUBLING, settings(ADAM, PoolSpec.NONE))) {
      for (int step = 0; step < 3; step++) {
        StepRates rates = new StepRates((float) RATE, 1, ANY);
        assertThat(told.training().step(images(), step, rates))
            .isEqualTo(untold.training().step(images(), step));
      }
      requireEqual(told.variables().values(), untold.variables().values());
    }
  }

  @Test
  void learningRate_scalesTheFirstStep() {
    try (VncaSession session = session(DOUBLING, settings(ADAM, PoolSpec.NONE))) {
      Map<String, float[]> start = session.variables().values();
      session.training().step(images(), 0, new StepRates((float) RATE, 1, ANY));
      Map<String, float[]> one = session.variables().values();
      session.variables().assign(trainable(session, start));
      session.initialize();
      session.training().step(images(), 0, new StepRates((float) (RATE / 4), 1, ANY));
      Map<String, float[]> quarter = session.variables().values();
      String name = "encoder/conv0/weight";
      for (int i = 0; i < start.get(name).length; i++) {
        assertThat(4 * (quarter.get(name)[i] - start.get(name)[i]))
            .isCloseTo(one.get(name)[i] - start.get(name)[i], within(2e-6f));
      }
    }
  }

  @Test
  void beta_weighsTheKlOfTheStepThatIsToldIt() {
    try (VncaSession session = session(DOUBLING, settings(ADAM, PoolSpec.NONE))) {
      Training.StepValues figures =
          session.training().step(images(), 0, new StepRates((float) RATE, 0.25f, ANY));
      assertThat(figures.kl()).isPositive();
      assertThat(figures.loss())
          .isCloseTo(figures.reconstruction() + 0.25f * figures.kl(), within(1e-4f));
    }
  }

  /** AdamW as its paper and PyTorch have it: w (1 - rate decay), then Adam's step. */
  @Test
  void weightDecay_takesAShareOfEveryParameter_besideAdamsStep() {
    double decay = 0.3;
    Adam.Settings decaying = new Adam.Settings(RATE, 0.9, 0.999, 1e-8, decay);
    try (VncaSession plain = session(DOUBLING, settings(ADAM, PoolSpec.NONE));
        VncaSession decayed = session(DOUBLING, settings(decaying, PoolSpec.NONE))) {
      Map<String, float[]> start = plain.variables().values();
      float rate = (float) (3 * RATE);
      plain.training().step(images(), 0, new StepRates(rate, 1, ANY));
      decayed.training().step(images(), 0, new StepRates(rate, 1, ANY));
      Map<String, float[]> adam = plain.variables().values();
      Map<String, float[]> adamW = decayed.variables().values();
      double most = 0;
      for (String name : plain.variables().trainableShapes().keySet()) {
        for (int i = 0; i < start.get(name).length; i++) {
          double share = rate * decay * start.get(name)[i];
          assertThat((double) adamW.get(name)[i])
              .as(name)
              .isCloseTo(adam.get(name)[i] - share, within(1e-7));
          most = Math.max(most, Math.abs(share));
        }
      }
      assertThat(most).as("a decay that would be seen").isGreaterThan(1e-4);
    }
  }

  /** Gradients by the encoder's last bias, which is the posterior itself for all images alike. */
  @Test
  void freeBits_costAsMuch_andAreNotPushedDown() {
    TrainingStep.Settings plain = settings(new Adam.Settings(1, 0, 0.5, 1e6), PoolSpec.NONE);
    try (VncaSession none = session(DOUBLING, plain);
        VncaSession all = session(DOUBLING, plain.with(1e3, false));
        VncaSession few = session(DOUBLING, plain.with(1e-9, false))) {
      Training.StepValues free = all.training().step(images(), 0);
      assertThat(free.loss()).isCloseTo(free.reconstruction() + 8 * 1e3f, within(0.01f));
      Training.StepValues figures = none.training().step(images(), 0);
      Training.StepValues least = few.training().step(images(), 0);
      assertThat(least.loss()).isCloseTo(figures.loss(), within(1e-4f));
      assertThat(free.kl()).as("what is reported is the KL itself").isEqualTo(figures.kl());
      Training.StepValues withoutKl;
      try (VncaSession unweighted = session(DOUBLING, plain)) {
        withoutKl = unweighted.training().step(images(), 0, new StepRates(1, 0, ANY));
      }
      assertThat(free.gradientNorm()).isCloseTo(withoutKl.gradientNorm(), within(1e-4f));
      assertThat(free.gradientNorm()).isNotCloseTo(figures.gradientNorm(), within(1e-3f));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void guard_leavesEverythingAsItWas_beyondItsLimit(boolean pooled) {
    DecoderSpec decoder = pooled ? NON_DOUBLING : DOUBLING;
    PoolSpec pool = pooled ? POOL : PoolSpec.NONE;
    Adam.Settings decaying = new Adam.Settings(RATE, 0.9, 0.999, 1e-8, 0.1);
    TrainingStep.Settings guarded = settings(decaying, pool).with(0, true);
    try (VncaSession session = session(decoder, guarded);
        VncaSession unguarded = session(decoder, settings(decaying, pool))) {
      StepRates free = new StepRates((float) RATE, 1, ANY);
      for (int step = 0; step < 3; step++) {
        Training.StepValues figures = session.training().step(images(), step, free);
        assertThat(figures).isEqualTo(unguarded.training().step(images(), step, free));
      }
      Map<String, float[]> before = session.variables().values();
      int[] entries = session.training().poolEntries();
      StepRates tight = new StepRates((float) RATE, 1, 1e-6f);
      Training.StepValues skipped = session.training().step(images(), 3, tight);
      assertThat(tight.skips(skipped.gradientNorm())).isTrue();
      requireEqual(session.variables().values(), before);
      assertThat(session.training().poolEntries()).isEqualTo(entries);
      StepRates atTheNorm = new StepRates((float) RATE, 1, skipped.gradientNorm());
      assertThat(session.training().step(images(), 3, atTheNorm)).isEqualTo(skipped);
      unguarded.training().step(images(), 3, free);
      requireEqual(session.variables().values(), unguarded.variables().values());
      assertThat(session.training().poolEntries()).isEqualTo(unguarded.training().poolEntries());
    }
  }

  @Test
  void guard_takesNoStepFromGradientsThatAreNoNumbers() {
    assertThat(new StepRates(1, 1, ANY).skips(Float.NaN)).isTrue();
    assertThat(new StepRates(1, 1, ANY).skips(Float.MAX_VALUE)).isFalse();
    try (VncaSession session = session(DOUBLING, settings(ADAM, PoolSpec.NONE).with(0, true))) {
      Map<String, float[]> before = session.variables().values();
      float[] broken = before.get("encoder/conv0/weight").clone();
      broken[0] = Float.NaN;
      session.variables().assign(Map.of("encoder/conv0/weight", broken));
      Map<String, float[]> given = session.variables().values();
      StepRates rates = new StepRates((float) RATE, 1, ANY);
      assertThat(session.training().step(images(), 0, rates).finite()).isFalse();
      requireEqual(session.variables().values(), given);
    }
  }

  private static Map<String, float[]> trainable(VncaSession session, Map<String, float[]> all) {
    Map<String, float[]> values = new java.util.TreeMap<>(all);
    values.keySet().retainAll(session.variables().trainableShapes().keySet());
    return values;
  }

  private static void requireEqual(Map<String, float[]> got, Map<String, float[]> expected) {
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
  }

  private static TrainingStep.Settings settings(Adam.Settings adam, PoolSpec pool) {
    return new TrainingStep.Settings(1, 10, MemoryPolicy.STORE, Precision.FLOAT32, adam, pool);
  }

  private static VncaSession session(DecoderSpec decoder, TrainingStep.Settings settings) {
    ModelSpec model =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            decoder,
            new LikelihoodSpec.Bernoulli());
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            false,
            List.of(),
            Optional.empty());
    VncaSession session = VncaSession.forTraining(model, INPUT, 1, settings, host);
    session.initialize();
    return session;
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
