package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Parts of a batch that are computed side by side, each by a thread of its own. On a CPU that is
 * faster than to divide every operation among the threads: between two operations they would wait
 * for each other, hundreds of times in a decoding.
 *
 * @param count how many, at least 1
 */
public record Lanes(int count) {
  /** The whole batch at once. */
  public static final Lanes ONE = new Lanes(1);

  /**
   * Computes each part, and joins the results.
   *
   * @param batch {@code [B, ...]}, B at least 1; parts differ by one row at most
   * @param rank of the batch
   * @param each from a part to what has as many rows, of the rank that is given next
   * @param rankAfter of what is computed
   */
  public Operand<TFloat32> over(
      Ops tf,
      Operand<TFloat32> batch,
      int rank,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> each,
      int rankAfter) {
    if (count == 1) {
      return each.apply(tf, batch);
    }
    Operand<TInt32> rows = Rows.count(tf, batch);
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Ops lane = tf.withSubScope("lane" + i);
      Operand<TInt32> begin = share(lane, rows, i);
      Operand<TInt32> size = lane.math.sub(share(lane, rows, i + 1), begin);
      // On a CPU, a convolution of no image at all has the wrong shape: so of one, for nothing.
      Operand<TInt32> computed = lane.math.maximum(size, lane.constant(1));
      Operand<TInt32> from = lane.math.minimum(begin, lane.math.sub(rows, computed));
      Operand<TFloat32> result = each.apply(lane, Rows.of(lane, batch, from, computed, rank));
      parts.add(Rows.of(lane, result, lane.constant(0), size, rankAfter));
    }
    return tf.concat(parts, tf.constant(0));
  }

  /** Where a lane begins. */
  private Operand<TInt32> share(Ops tf, Operand<TInt32> rows, int lane) {
    return tf.math.floorDiv(tf.math.mul(rows, tf.constant(lane)), tf.constant(count));
  }
}
