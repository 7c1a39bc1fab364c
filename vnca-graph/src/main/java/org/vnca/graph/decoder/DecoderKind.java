package org.vnca.graph.decoder;

import java.util.List;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;

/**
 * One kind of decoder: how it is made from its settings, and what a decoding costs.
 *
 * @param settings the class of its settings
 * @param maker makes the decoder and its parameters
 * @param cost counts the operations of decoding one latent vector, as {@link Layer#flops} does
 */
record DecoderKind<S extends DecoderSpec>(Class<S> settings, Maker<S> maker, Cost<S> cost) {
  private static final List<DecoderKind<?>> ALL =
      List.of(
          new DecoderKind<>(
              DecoderSpec.Doubling.class,
              (spec, sizes, parameters) ->
                  new AutomatonDecoder(Course.of(spec), sizes.latent(), parameters),
              (spec, sizes) -> AutomatonDecoder.flops(Course.of(spec), sizes.latent())),
          new DecoderKind<>(
              DecoderSpec.NonDoubling.class,
              (spec, sizes, parameters) ->
                  new AutomatonDecoder(Course.of(spec, sizes.side()), sizes.latent(), parameters),
              (spec, sizes) ->
                  AutomatonDecoder.flops(Course.of(spec, sizes.side()), sizes.latent())),
          new DecoderKind<>(
              DecoderSpec.Convolutional.class,
              ConvolutionalDecoder::new,
              ConvolutionalDecoder::flops));

  /**
   * The kind whose settings these are.
   *
   * @throws IllegalArgumentException if there is none
   */
  static DecoderKind<?> of(DecoderSpec spec) {
    return ALL.stream()
        .filter(kind -> kind.settings == spec.getClass())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no decoder is made from " + spec.getClass()));
  }

  Decoder make(DecoderSpec spec, Sizes sizes, Parameters parameters) {
    return maker.make(settings.cast(spec), sizes, parameters);
  }

  long flops(DecoderSpec spec, Sizes sizes) {
    return cost.flops(settings.cast(spec), sizes);
  }

  /** Makes a decoder. */
  interface Maker<S> {
    Decoder make(S spec, Sizes sizes, Parameters parameters);
  }

  /** Counts the operations of decoding one latent vector. */
  interface Cost<S> {
    long flops(S spec, Sizes sizes);
  }

  /**
   * What a decoder has to fit.
   *
   * @param latent size Z of the latent vector
   * @param side of the square images, one of those that the decoder can make
   * @param channels that the likelihood reads
   */
  record Sizes(int latent, int side, int channels) {}
}
