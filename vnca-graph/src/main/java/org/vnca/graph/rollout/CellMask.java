package org.vnca.graph.rollout;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.Description;
import org.vnca.graph.description.NoDescription;

/**
 * Which cells a step changes, or which of them live on. A mask is a factor of each cell; it is not
 * differentiated, only the product is.
 */
public interface CellMask {

  /**
   * Whether the mask depends on the states' values. Such a mask is kept for the backward pass; any
   * other is made there again, and must be the same.
   */
  default boolean readsStates() {
    return false;
  }

  /**
   * How the mask is computed, for programs without TensorFlow.
   *
   * @throws NoDescription if it does not say
   */
  default Description description() {
    throw NoDescription.of("mask", getClass());
  }

  /**
   * The mask of one step.
   *
   * @param tf the scope of the loop's body
   * @param cells the step's states; of one that does not read them only the sizes are given
   * @return float32, {@code [B, H, W, 1]}, or 1 in place of B where it is the same for all images
   */
  Operand<TFloat32> mask(Ops tf, Cells cells);

  /**
   * The states of a step.
   *
   * @param before the step, {@code [B, H, W, C]}
   * @param after the update is added, or as before it where that is still to come
   * @param t scalar int32, the step, from 0
   */
  record Cells(Operand<TFloat32> before, Operand<TFloat32> after, Operand<TInt32> t) {}
}
