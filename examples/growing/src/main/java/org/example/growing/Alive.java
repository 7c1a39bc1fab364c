package org.example.growing;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.rollout.CellMask;

/**
 * The cells that live: those that have a grown cell among themselves and their eight neighbours,
 * before the step and after it. All others are set to zero. So what is cut out can only grow back
 * from its edge.
 *
 * <p>In growing neural cellular automata a cell is grown if its channel alpha is above 0.1, which
 * its seed is. Here every cell begins as z, whose channels have either sign, so a cell is grown if
 * the root mean square of its channels is above the threshold.
 *
 * @param threshold above which a cell is grown
 */
record Alive(double threshold) implements CellMask {

  @Override
  public boolean readsStates() {
    return true;
  }

  @Override
  public Operand<TFloat32> mask(Ops tf, Cells cells) {
    return tf.math.mul(alive(tf, cells.before()), alive(tf, cells.after()));
  }

  private Operand<TFloat32> alive(Ops tf, Operand<TFloat32> states) {
    Operand<TFloat32> size =
        tf.math.sqrt(tf.math.mean(tf.math.square(states), tf.constant(-1), Mean.keepDims(true)));
    Operand<TInt32> neighbourhood = tf.constant(new int[] {1, 3, 3, 1});
    Operand<TInt32> everyCell = tf.constant(new int[] {1, 1, 1, 1});
    Operand<TFloat32> most = tf.nn.maxPool(size, neighbourhood, everyCell, "SAME");
    return tf.dtypes.cast(tf.math.greater(most, tf.constant((float) threshold)), TFloat32.class);
  }
}
