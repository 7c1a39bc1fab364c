package org.vnca.graph.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Rows of a batch whose size only a session knows. */
public final class Rows {
  private Rows() {}

  /**
   * Some of them.
   *
   * @param batch {@code [B, ...]}
   * @param first scalar int32
   * @param count scalar int32, -1 for all that follow
   * @param rank of the batch
   */
  public static Operand<TFloat32> of(
      Ops tf, Operand<TFloat32> batch, Operand<TInt32> first, Operand<TInt32> count, int rank) {
    Operand<TInt32> begin = tf.constant(new int[rank - 1]);
    Operand<TInt32> all = tf.constant(IntStream.range(1, rank).map(i -> -1).toArray());
    Operand<TInt32> axis = tf.constant(0);
    return tf.slice(
        batch,
        tf.concat(List.of(tf.expandDims(first, axis), begin), axis),
        tf.concat(List.of(tf.expandDims(count, axis), all), axis));
  }

  /** How many a batch has, scalar int32. */
  public static Operand<TInt32> count(Ops tf, Operand<TFloat32> batch) {
    return tf.gather(tf.shape(batch), tf.constant(0), tf.constant(0));
  }
}
