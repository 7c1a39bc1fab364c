package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

/** Against the formula of the PyTorch yardstick, whose output was noted, and counts by hand. */
class ModelFlopsTest {

  @Test
  void paperModel_isAsTheYardstickCounts() {
    assertThat(ModelFlops.step(ModelSpec.PAPER, new ImageShape(32, 32, 1), 2, 1))
        .isEqualTo(155_119_386_624L);
  }

  @Test
  void smallDoublingModel_isAsTheYardstickCounts() {
    ModelSpec spec = spec(32, 8, DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(48, 4)));
    assertThat(ModelFlops.step(spec, new ImageShape(16, 16, 1), 2, 1)).isEqualTo(286_285_824L);
  }

  /** An image is encoded once, and decoded as often as it has latent vectors. */
  @Test
  void latentVectors_areAllCountedAsDecodings() {
    ImageShape image = new ImageShape(32, 32, 1);
    assertThat(ModelFlops.step(ModelSpec.PAPER, image, 2, 5))
        .isEqualTo(
            ModelFlops.step(ModelSpec.PAPER, image, 2, 1)
                + 3 * 2 * 4 * ModelFlops.decoder(ModelSpec.PAPER, image));
  }

  /** Settling is so many steps of the net on the last grid, as a non-doubling decoder takes. */
  @Test
  void stepsOfSettling_areCountedOnTheLastGrid() {
    UpdateSpec update = UpdateSpec.Residual.of(48, 4);
    DecoderSpec.Doubling plain = DecoderSpec.Doubling.of(3, 2, update);
    DecoderSpec settling = plain.with(new DecoderSpec.Settle(1, 9, 5));
    ImageShape image = new ImageShape(16, 16, 1);
    assertThat(ModelFlops.decoder(spec(32, 8, settling), image))
        .isEqualTo(
            ModelFlops.decoder(spec(32, 8, plain), image)
                + ModelFlops.decoder(spec(32, 8, nonDoubling(5, update)), image));
    assertThat(settling.withFixedSteps()).isEqualTo(plain.with(new DecoderSpec.Settle(5, 5, 5)));
    assertThat(plain.withFixedSteps()).isEqualTo(plain);
  }

  @Test
  void nonDoublingModels_areAsTheYardstickCounts() {
    ModelSpec simple = spec(16, 4, nonDoubling(7, new UpdateSpec.Simple(24)));
    assertThat(ModelFlops.step(simple, new ImageShape(16, 16, 1), 2, 1)).isEqualTo(85_364_736L);
    ModelSpec residual = spec(16, 4, nonDoubling(5, UpdateSpec.Residual.of(24, 4)));
    assertThat(ModelFlops.step(residual, new ImageShape(32, 32, 1), 2, 1)).isEqualTo(530_202_624L);
  }

  @Test
  void variationsOfTheUpdate_areCounted() {
    ImageShape one = new ImageShape(1, 1, 1);
    // 9 * 4 * 3 in, two 3x3 layers of 3 * 3, 3x3 to the two channels that change.
    UpdateSpec wide = new UpdateSpec.Residual(3, 1, 3, false, 2);
    assertThat(ModelFlops.decoder(spec(4, 1, nonDoubling(1, wide)), one))
        .isEqualTo(2 * (108 + 2 * 81 + 9 * 3 * 2));
    // 9 * 4 * 3 in, three gates of 3 * 4, the reset's 4 * 4.
    assertThat(ModelFlops.decoder(spec(4, 1, nonDoubling(1, new UpdateSpec.Gru(3))), one))
        .isEqualTo(2 * (108 + 36 + 16));
  }

  @Test
  void convolutionalDecoder_isCountedLayerByLayer() {
    // Dense 5 -> 2 x 2 x 8; 8 -> 4 from 2 x 2, 4 -> 2 from 4 x 4; 2 -> 1 at 6 x 6.
    ModelSpec spec = spec(5, 1, new DecoderSpec.Convolutional(2, 2, 3, true, 0));
    assertThat(ModelFlops.decoder(spec, new ImageShape(6, 6, 1)))
        .isEqualTo(2 * (5 * 32 + 9 * 8 * 4 * 4 + 9 * 4 * 2 * 16 + 9 * 2 * 36));
  }

  private static DecoderSpec nonDoubling(int steps, UpdateSpec update) {
    return new DecoderSpec.NonDoubling(DecoderSpec.StepRange.always(steps), 1, update);
  }

  private static ModelSpec spec(int latent, int filters, DecoderSpec decoder) {
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(filters, 5),
        decoder,
        new LikelihoodSpec.Bernoulli());
  }
}
