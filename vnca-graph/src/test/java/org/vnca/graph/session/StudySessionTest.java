package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
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
import org.vnca.graph.training.TrainingStep;

class StudySessionTest {
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));
  private static final DecoderSpec SETTLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1))
          .with(new DecoderSpec.Settle(1, 4, 3))
          .bounded(3);
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.5, new UpdateSpec.Simple(8));
  private static final DecoderSpec CONVOLUTIONAL = new DecoderSpec.Convolutional(3, 2, 5, true, 0);

  static List<DecoderSpec> decoders() {
    return List.of(DOUBLING, SETTLING, NON_DOUBLING, CONVOLUTIONAL);
  }

  static List<DecoderSpec> automata() {
    return List.of(DOUBLING, SETTLING, NON_DOUBLING);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void stagesOneAfterTheOther_areTheDecoding(DecoderSpec decoder) {
    try (VncaSession session = trained(decoder, new LikelihoodSpec.Bernoulli(), 1)) {
      float[][] latents = session.sampling().prior(new long[] {3, 4, 5});
      States last = session.study().last(latents);
      assertThat(last.side()).isEqualTo(16);
      float[][] means = session.sampling().means(latents);
      float[][] read = session.study().means(last);
      for (int i = 0; i < 3; i++) {
        assertThat(read[i]).containsExactly(means[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void logLikelihood_isTheSumOverPixelsOfTheMeansOwn(DecoderSpec decoder) {
    try (VncaSession session = trained(decoder, new LikelihoodSpec.Bernoulli(), 1)) {
      byte[] images = images(2, 1);
      States last = session.study().last(session.sampling().posteriorMeans(images));
      float[] nats = session.study().logLikelihoods(last, images);
      float[][] means = session.study().means(last);
      float[][] pixels = session.sampling().pixels(images);
      for (int i = 0; i < 2; i++) {
        double expected = 0;
        for (int p = 0; p < means[i].length; p++) {
          double probability = pixels[i][p] > 0.5f ? means[i][p] : 1.0 - means[i][p];
          expected += Math.log(probability);
        }
        assertThat((double) nats[i]).isCloseTo(expected, within(1e-2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("automata")
  void advance_inPieces_isTheSameAsInOne(DecoderSpec decoder) {
    try (VncaSession session = trained(decoder, new LikelihoodSpec.Bernoulli(), 1)) {
      StudySession study = session.study();
      States grown = study.last(session.sampling().prior(new long[] {1, 2}));
      States pieces = study.advance(study.advance(grown, 3, 0), 4, 3);
      States whole = study.advance(grown, 7, 0);
      assertThat(pieces.values()).containsExactly(whole.values(), within(1e-4f));
      assertThat(whole.values()).isNotEqualTo(grown.values());
      assertThat(study.advance(grown, 0, 0).values()).isEqualTo(grown.values());
    }
  }

  @Test
  void advance_ofSeeds_isTheNonDoublingDecoding() {
    try (VncaSession session = trained(NON_DOUBLING, new LikelihoodSpec.Bernoulli(), 1)) {
      float[][] latents = session.sampling().prior(new long[] {8});
      States advanced = session.study().advance(session.study().seeds(latents), 5, 0);
      assertThat(advanced.values())
          .containsExactly(session.study().last(latents).values(), within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("automata")
  void watch_showsWhatAdvancingAndReadingShow(DecoderSpec decoder) {
    try (VncaSession session = trained(decoder, new LikelihoodSpec.Bernoulli(), 1)) {
      check(session, 1);
    }
  }

  @Test
  void watch_ofColours_showsTheSame() {
    ImageShape colour = new ImageShape(16, 16, 3);
    ModelSpec model =
        new ModelSpec(
            20,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1)),
            new LikelihoodSpec.LogisticMixture(2, 10, false));
    try (VncaSession session = trained(model, new InputSpec(colour, 0, false), 3)) {
      check(session, 3);
    }
  }

  /** Eleven steps: more than one piece of history. */
  private static void check(VncaSession session, int channels) {
    StudySession study = session.study();
    byte[] images = images(3, channels);
    States grown = study.last(session.sampling().posteriorMeans(images));
    StudySession.Watched watched = study.watch(grown, images, 11, 2);
    assertThat(watched.means()).hasSize(12);
    assertThat(watched.nats()).hasSize(12);
    for (int steps : new int[] {0, 1, 8, 9, 11}) {
      States states = study.advance(grown, steps, 2);
      float[][] means = study.means(states);
      for (int i = 0; i < 3; i++) {
        assertThat(watched.means().get(steps)[i]).containsExactly(means[i], within(1e-3f));
      }
      assertThat(watched.nats().get(steps))
          .containsExactly(study.logLikelihoods(states, images), within(0.05f));
    }
    assertThat(watched.last().values())
        .containsExactly(study.advance(grown, 11, 2).values(), within(1e-3f));
  }

  @Test
  void convolutionalDecoder_cannotBeAdvanced() {
    try (VncaSession session = trained(CONVOLUTIONAL, new LikelihoodSpec.Bernoulli(), 1)) {
      StudySession study = session.study();
      States last = study.last(session.sampling().prior(new long[] {1}));
      assertThatThrownBy(() -> study.advance(last, 1, 0))
          .hasMessage(
              "further steps need a cellular decoder, but this model's decoder is convolutional");
    }
  }

  @Test
  void states_ofAnotherSize_areRefused() {
    assertThatThrownBy(() -> new States(2, 4, 3, new float[95]))
        .hasMessage("states of 2 images of 4x4x3 need as many values, but there are 95");
  }

  private static VncaSession trained(DecoderSpec decoder, LikelihoodSpec likelihood, int channels) {
    ModelSpec model =
        new ModelSpec(8, Posterior.LOG_VARIANCE, new EncoderSpec(2, 5), decoder, likelihood);
    return trained(model, new InputSpec(new ImageShape(16, 16, 1), 0, true), channels);
  }

  /** A few steps, so that the last layers, which begin as zeros, do something. */
  private static VncaSession trained(ModelSpec model, InputSpec input, int channels) {
    VncaSession session =
        VncaSession.forTraining(
            model,
            input,
            1,
            new TrainingStep.Settings(
                1,
                10,
                MemoryPolicy.STORE,
                Precision.FLOAT32,
                new Adam.Settings(1e-2, 0.9, 0.999, 1e-8),
                PoolSpec.NONE),
            new Host(DeviceRequest.setting(Device.CPU), 2));
    session.initialize();
    byte[] images = images(4, channels);
    for (int step = 0; step < 5; step++) {
      session.training().step(images, step);
    }
    return session;
  }

  private static byte[] images(int count, int channels) {
    byte[] images = new byte[count * 16 * 16 * channels];
    Random random = new Random(count);
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (channels == 1 ? random.nextInt(2) : random.nextInt(256));
    }
    return images;
  }
}
