package org.vnca.graph.nn;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * One of several equal parts of a batch.
 *
 * @param index which, from 0
 * @param count how many there are
 */
public record BatchPart(int index, int count) {
  /** The whole batch. */
  public static final BatchPart WHOLE = new BatchPart(0, 1);

  /** A part of this part. */
  public BatchPart within(BatchPart part) {
    return new BatchPart(index * part.count + part.index, count * part.count);
  }

  /**
   * The part's rows of a batch.
   *
   * @param batch {@code [B, ...]}, B a multiple of the number of parts
   * @param rank of the batch
   */
  public <T extends TType> Operand<T> of(Ops tf, Operand<T> batch, int rank) {
    if (count == 1) {
      return batch;
    }
    Operand<TInt32> rows =
        tf.math.floorDiv(
            tf.slice(tf.shape(batch), tf.constant(new int[] {0}), tf.constant(new int[] {1})),
            tf.constant(count));
    int[] others = new int[rank - 1];
    Arrays.fill(others, -1);
    return tf.slice(
        batch,
        tf.concat(
            List.of(tf.math.mul(rows, tf.constant(index)), tf.constant(new int[rank - 1])),
            tf.constant(0)),
        tf.concat(List.of(rows, tf.constant(others)), tf.constant(0)));
  }

  /**
   * Uniform numbers in [0, 1) for the part: its rows of what {@link Stream#uniform} draws for the
   * whole batch.
   *
   * @param shape of the part's numbers, int32; its first axis is that of the batch
   * @param counter scalar int64
   */
  public Operand<TFloat32> uniform(
      Ops tf, Stream stream, Operand<TInt32> shape, long seed, Operand<TInt64> counter) {
    return rows(tf, shape, all -> stream.uniform(tf, all, seed, counter));
  }

  /** Standard normal numbers for the part; as {@link #uniform}. */
  public Operand<TFloat32> normal(
      Ops tf, Stream stream, Operand<TInt32> shape, long seed, Operand<TInt64> counter) {
    return rows(tf, shape, all -> stream.normal(tf, all, seed, counter));
  }

  private Operand<TFloat32> rows(
      Ops tf, Operand<TInt32> shape, Function<Operand<TInt32>, Operand<TFloat32>> draw) {
    if (count == 1) {
      return draw.apply(shape);
    }
    Operand<TInt32> rows = tf.slice(shape, tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> others =
        tf.slice(shape, tf.constant(new int[] {1}), tf.constant(new int[] {-1}));
    Operand<TInt32> all =
        tf.concat(List.of(tf.math.mul(rows, tf.constant(count)), others), tf.constant(0));
    Operand<TInt32> begin =
        tf.concat(
            List.of(tf.math.mul(rows, tf.constant(index)), tf.zerosLike(others)), tf.constant(0));
    return tf.slice(draw.apply(all), begin, shape);
  }
}
