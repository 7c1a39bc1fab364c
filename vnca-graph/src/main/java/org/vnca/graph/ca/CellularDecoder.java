package org.vnca.graph.ca;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * A decoder that is an automaton: every state on the way is a grid of cells, which the likelihood
 * can read as an image.
 */
public interface CellularDecoder extends Decoder {

  /**
   * Decodes without a history, with another number of steps than the setting's.
   *
   * @param z {@code [B, Z]} float32
   * @param steps of each stage, scalar int32
   * @return {@code [B, H, W, C]} float32
   */
  Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps);

  @Override
  CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy);

  /** A decoding that can also be looked into. */
  interface CellularTrace extends Trace {

    /**
     * Every state on the way, stage by stage: a stage begins with the seed or with a doubling and
     * has one more state for each step.
     *
     * @return for each stage {@code [M + 1, B, h, w, C]}
     */
    List<Operand<TFloat32>> stages(Ops tf);
  }
}
