package org.vnca.graph.decoder;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Precision;

/** From a latent vector to a last map, whose first channels the likelihood reads. */
public interface Decoder {

  /**
   * Makes the decoder and its parameters, whose names begin with {@code decoder/}.
   *
   * @param latent size Z of the latent vector
   * @param side of the square images, one of those that the decoder can make
   * @param channels that the likelihood reads
   */
  static Decoder of(DecoderSpec spec, int latent, int side, int channels, Parameters parameters) {
    return DecoderKind.of(spec)
        .make(spec, new DecoderKind.Sizes(latent, side, channels), parameters);
  }

  /**
   * Floating-point operations of decoding one latent vector outside of training, as {@link
   * Layer#flops} counts them.
   *
   * @param latent as in {@link #of}
   * @param side as in {@link #of}
   * @param channels as in {@link #of}
   */
  static long flops(DecoderSpec spec, int latent, int side, int channels) {
    return DecoderKind.of(spec).flops(spec, new DecoderKind.Sizes(latent, side, channels));
  }

  /** This decoder as an automaton, if it is one. */
  default Optional<CellularDecoder> cellular() {
    return Optional.empty();
  }

  /** This decoder as one that can be trained from a pool of its last states, if it can. */
  default Optional<PoolDecoder> pooled() {
    return Optional.empty();
  }

  /**
   * The same decoder with the same parameters, whose convolutions multiply in another precision.
   */
  Decoder withPrecision(Precision precision);

  /** The same decoder with the same parameters, its convolutions computed in another way. */
  Decoder withAlgorithm(ConvolutionAlgorithm algorithm);

  /**
   * The same decoder with the same parameters, which takes a batch in lanes where it decodes
   * without a history.
   */
  Decoder inLanes(Lanes lanes);

  /**
   * Whether XLA's compiler takes its training: not what draws in every step, since it has no such
   * operations.
   */
  default boolean compilable() {
    return true;
  }

  /** The same decoder with the same parameters, whose training XLA's compiler takes. */
  default Decoder compiled() {
    return this;
  }

  /**
   * How it decodes outside of training, for programs without TensorFlow.
   *
   * @throws org.vnca.graph.description.NoDescription if it is no automaton, or a part of it does
   *     not say
   */
  DecoderDescription description(Ops tf);

  /** The decoder's parameters. */
  List<Parameter> parameters();

  /**
   * Decodes without a history.
   *
   * @param z {@code [B, Z]} float32
   * @return {@code [B, H, W, C]} float32
   */
  Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z);

  /** Into how many parts {@link #stage} divides a decoding. */
  int stages();

  /**
   * What the first stage begins with.
   *
   * @param z {@code [B, Z]} float32
   * @return {@code [B, h, w, C]} float32
   */
  Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z);

  /**
   * One stage of a decoding: in a doubling decoder the doubling, but not in the first stage, then M
   * steps, and in the last one those of settling; in a non-doubling one all steps; in the
   * convolutional one a layer. All in their order, from the seeds, are {@link #decode}.
   *
   * @param states {@code [B, h, w, C]} float32, what the stage before left
   * @param stage from 0
   */
  Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage);

  /**
   * Decodes and keeps what the gradient needs.
   *
   * @param z {@code [B, Z]} float32
   */
  Trace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy);

  /**
   * Decodes within a training step, where some decoders draw at random, and keeps what the gradient
   * needs.
   *
   * @param z {@code [B, Z]} float32
   */
  default Trace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return trace(tf, z, policy);
  }

  /**
   * What random numbers of a training step are keyed by.
   *
   * @param seed the experiment's
   * @param step scalar int64, the training step's number
   * @param part which part of the training step's batch is decoded
   * @param rows how many images the part has, scalar int32, if only its first ones are decoded;
   *     empty if all are
   */
  record Draw(long seed, Operand<TInt64> step, BatchPart part, Optional<Operand<TInt32>> rows) {
    /** For all images of a part. */
    public Draw(long seed, Operand<TInt64> step, BatchPart part) {
      this(seed, step, part, Optional.empty());
    }

    /** For a whole batch. */
    public Draw(long seed, Operand<TInt64> step) {
      this(seed, step, BatchPart.WHOLE);
    }

    /** For the first images of the part alone: they draw what they would among all. */
    public Draw firstOf(Operand<TInt32> images) {
      return new Draw(seed, step, part, Optional.of(images));
    }

    /**
     * Uniform numbers in [0, 1) for images of the batch.
     *
     * @param shape int32; its first axis is that of the batch
     */
    public Operand<TFloat32> uniform(Ops tf, Stream stream, Operand<TInt32> shape) {
      return part.uniform(tf, stream, shape, seed, step);
    }
  }

  /** A decoding that can be differentiated. */
  interface Trace {

    /** The last map, {@code [B, H, W, C]}. */
    Operand<TFloat32> last();

    /**
     * Gradients of the latent vector and the parameters.
     *
     * @param dLast gradient of {@link #last()}
     * @return {@code dx} is the latent vector's, {@code [B, Z]}; {@code dWeights} are those of
     *     {@link Decoder#parameters()}
     */
    Layer.Backward backward(Ops tf, Operand<TFloat32> dLast);
  }
}
