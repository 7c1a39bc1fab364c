package org.vnca.graph.decoder;

import java.util.List;
import java.util.Optional;
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
  @Override
  default Optional<CellularDecoder> cellular() {
    return Optional.of(this);
  }

  /** Among the {@link #counts}: steps of each stage, or of all if there is one. */
  String STEPS = "steps";

  /** Among the {@link #counts}: further steps on the last grid. */
  String SETTLE = "settle";

  /** Which numbers of steps a decoding can be told, by name. */
  List<String> counts();

  /**
   * Decodes without a history, with other numbers of steps than the setting's.
   *
   * @param z {@code [B, Z]} float32
   * @param counts those that {@link #counts()} names, each scalar int32
   * @return {@code [B, H, W, C]} float32
   */
  Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, List<Operand<TInt32>> counts);

  @Override
  CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy);

  /**
   * Further steps of full-grown states with the net of the last stage. Memory does not grow with
   * their number.
   *
   * @param states {@code [B, H, W, C]} float32
   * @param steps how many, scalar int32
   * @param time how many the states had already, scalar int32; where only random cells are updated,
   *     steps in several pieces are the same as in one
   * @return {@code [B, H, W, C]} float32
   */
  Operand<TFloat32> advance(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time);

  /**
   * As {@link #advance}, with every state on the way.
   *
   * @return {@code [steps + 1, B, H, W, C]} float32, the given states first
   */
  Operand<TFloat32> advanceWatched(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time);

  /** A decoding that can also be looked into. */
  interface CellularTrace extends Trace {

    /**
     * Every state on the way, stage by stage: a stage begins with the seed or with a doubling and
     * has one more state for each step.
     *
     * @return for each stage {@code [M + 1, B, h, w, C]}
     * @throws IllegalStateException unless the trace keeps the states, with {@link
     *     MemoryPolicy#RECOMPUTE}
     */
    List<Operand<TFloat32>> stages(Ops tf);
  }
}
