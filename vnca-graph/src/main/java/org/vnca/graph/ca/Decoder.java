package org.vnca.graph.ca;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;

/** From a latent vector to the last cell states, whose first channels the likelihood reads. */
public interface Decoder {

  /** Makes the decoder and its parameters, whose names begin with {@code decoder/}. */
  static Decoder of(DecoderSpec spec, int latent, Parameters parameters) {
    return new DoublingDecoder((DecoderSpec.Doubling) spec, latent, parameters, CellUpdate.ALL);
  }

  /** The decoder's parameters. */
  List<Parameter> parameters();

  /**
   * Decodes without a history.
   *
   * @param z {@code [B, Z]} float32
   * @return {@code [B, H, W, C]} float32
   */
  Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z);

  /**
   * Decodes and keeps what the gradient needs.
   *
   * @param z {@code [B, Z]} float32
   */
  Trace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy);

  /** A decoding that can be differentiated and looked into. */
  interface Trace {

    /** The last states, {@code [B, H, W, C]}. */
    Operand<TFloat32> last();

    /**
     * Gradients of the latent vector and the parameters.
     *
     * @param dLast gradient of {@link #last()}
     * @return {@code dz} is {@code [B, Z]}; {@code dWeights} are in the order of {@link
     *     Decoder#parameters()}
     */
    UpdateNet.Backward backward(Ops tf, Operand<TFloat32> dLast);

    /**
     * Every state on the way, stage by stage: a stage begins with the seed or with a doubling and
     * has one more state for each step.
     *
     * @return for each stage {@code [M + 1, B, h, w, C]}
     */
    List<Operand<TFloat32>> stages(Ops tf);
  }
}
