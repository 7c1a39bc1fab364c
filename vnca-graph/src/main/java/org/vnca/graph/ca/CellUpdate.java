package org.vnca.graph.ca;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Which cells a step updates. */
public interface CellUpdate {

  /** All cells at every step, as the paper says. */
  CellUpdate ALL =
      new CellUpdate() {
        @Override
        public List<Operand<?>> captured() {
          return List.of();
        }

        @Override
        public Optional<Operand<TFloat32>> mask(
            Ops tf, Operand<TFloat32> like, Operand<TInt32> t, List<Operand<?>> captured) {
          return Optional.empty();
        }
      };

  /** Operands of the outer graph that {@link #mask} reads. */
  List<Operand<?>> captured();

  /**
   * The mask of one step. The backward loop asks again and must get the same.
   *
   * @param tf the loop body's graph
   * @param like of which the sizes count, {@code [B, H, W, C]}
   * @param t scalar int32, the step, from 0
   * @param captured the values of {@link #captured()} inside the body
   * @return {@code [B, H, W, 1]} float32, 1 where a cell is updated and 0 elsewhere; empty for all
   */
  Optional<Operand<TFloat32>> mask(
      Ops tf, Operand<TFloat32> like, Operand<TInt32> t, List<Operand<?>> captured);
}
