package org.vnca.graph.vae;

import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.ImageShape;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.UpdateSpec;

/**
 * Floating-point operations of a model by formula: two for each multiply-add of convolutions and
 * dense layers, at every position as if no neighbour were outside of the grid; nothing else is
 * counted. A training step is three forward passes, whatever is computed twice.
 */
public final class ModelFlops {
  private ModelFlops() {}

  /**
   * Of a training step: 3 x forward.
   *
   * @param image as the model sees it
   * @param steps T of a non-doubling decoder; no other looks at it
   */
  public static long step(ModelSpec spec, ImageShape image, int batch, int steps) {
    return 3L * batch * (encoder(spec, image) + decoder(spec, image, steps));
  }

  /** Of encoding one image. */
  public static long encoder(ModelSpec spec, ImageShape image) {
    long kernel = (long) spec.encoder().kernel() * spec.encoder().kernel();
    long side = Encoder.insideSide(image.height());
    long width = spec.encoder().filters();
    long flops = 2 * kernel * image.channels() * width * side * side;
    for (int i = 1; i < EncoderSpec.LAYERS; i++) {
      side /= 2;
      flops += 2 * kernel * width * 2 * width * side * side;
      width *= 2;
    }
    return flops + 2 * width * side * side * 2 * spec.latent();
  }

  /**
   * Of decoding one latent vector.
   *
   * @param steps as in {@link #step}
   */
  public static long decoder(ModelSpec spec, ImageShape image, int steps) {
    long pixels = (long) image.height() * image.width();
    if (spec.decoder() instanceof DecoderSpec.Convolutional convolutional) {
      int channels = spec.likelihood().parameterChannels(image.channels());
      return convolutional(convolutional, spec.latent(), channels, pixels);
    }
    if (spec.decoder() instanceof DecoderSpec.NonDoubling nonDoubling) {
      return pixels * steps * update(nonDoubling.update(), spec.latent());
    }
    if (!(spec.decoder() instanceof DecoderSpec.Doubling doubling)) {
      throw new IllegalStateException("nobody has counted the operations of " + spec.decoder());
    }
    long cells = 0;
    for (int k = 0; k <= doubling.doublings(); k++) {
      cells += (4L << (2 * k)) * doubling.steps();
    }
    return cells * update(doubling.update(), spec.latent());
  }

  private static long convolutional(
      DecoderSpec.Convolutional spec, int latent, int channels, long pixels) {
    long kernel = (long) spec.kernel() * spec.kernel();
    long width = (long) spec.filters() << spec.doublings();
    long cells = 4;
    long flops = 2L * latent * cells * width;
    for (int i = 0; i < spec.doublings(); i++) {
      // A transposed convolution multiplies each value that goes in with the whole kernel.
      flops += 2 * kernel * width * (width / 2) * cells;
      width /= 2;
      cells *= 4;
    }
    return flops + 2 * kernel * width * channels * pixels;
  }

  /** Of one cell's update. */
  private static long update(UpdateSpec update, long channels) {
    long hidden = update.hidden();
    if (update instanceof UpdateSpec.Residual residual) {
      long kernel = (long) residual.kernel() * residual.kernel();
      return 2
          * (9 * channels * hidden
              + 2L * residual.blocks() * kernel * hidden * hidden
              + kernel * hidden * (channels - residual.constantChannels()));
    }
    if (update instanceof UpdateSpec.Gru) {
      return 2 * (9 * channels * hidden + 3 * hidden * channels + channels * channels);
    }
    if (update instanceof UpdateSpec.Simple) {
      return 2 * (9 * channels * hidden + hidden * channels);
    }
    throw new IllegalStateException("nobody has counted the operations of " + update);
  }
}
