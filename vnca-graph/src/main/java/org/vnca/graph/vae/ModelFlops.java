package org.vnca.graph.vae;

import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.spec.ModelSpec;

/**
 * Floating-point operations of a model, as its layers count them ({@link
 * org.vnca.graph.nn.Layer#flops}): two for each multiply-add of convolutions and dense layers, at
 * every position as if no neighbour were outside of the grid; nothing else is counted. A training
 * step is three forward passes, whatever is computed twice.
 */
public final class ModelFlops {
  private ModelFlops() {}

  /**
   * Of a training step that takes as many update steps as a decoding outside of training: 3 x
   * forward.
   *
   * @param image as the model sees it
   * @param samples latent vectors of each image, all of which are decoded
   */
  public static long step(ModelSpec spec, ImageShape image, int batch, int samples) {
    return 3L * batch * (encoder(spec, image) + samples * decoder(spec, image));
  }

  /** Of encoding one image. */
  public static long encoder(ModelSpec spec, ImageShape image) {
    return Encoder.net(spec, image)
        .flops(new MapShape(image.height(), image.width(), image.channels()));
  }

  /** Of decoding one latent vector outside of training. */
  public static long decoder(ModelSpec spec, ImageShape image) {
    int channels = spec.likelihood().parameterChannels(image.channels());
    return Decoder.flops(spec.decoder(), spec.latent(), image.height(), channels);
  }
}
