package org.vnca.graph.ca;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Part;
import org.vnca.graph.nn.Stream;

/**
 * Each cell takes part in a step with a probability, independently of the others.
 *
 * @param probability above 0 and below 1
 * @param seed the experiment's
 * @param key scalar int64: which sequence of masks
 * @param part which part of a batch the cells are of, if each image has masks of its own; empty if
 *     all have the same, which do not depend on what else is in the batch
 */
record RandomCells(double probability, long seed, Operand<TInt64> key, Optional<Part> part)
    implements CellUpdate {
  /** Masks of a sequence have consecutive counters; a sequence has this many. */
  private static final long STEPS = 1L << 20;

  @Override
  public List<Operand<?>> captured() {
    return List.of(key);
  }

  @Override
  public Optional<Operand<TFloat32>> mask(
      Ops tf, Operand<TFloat32> like, Operand<TInt32> t, List<Operand<?>> captured) {
    Operand<TInt64> sequence = tf.math.mul(Loop.<TInt64>typed(captured.get(0)), tf.constant(STEPS));
    Operand<TInt64> counter = tf.math.add(sequence, tf.dtypes.cast(t, TInt64.class));
    Operand<TInt32> grid =
        tf.slice(tf.shape(like), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
    Operand<TInt32> images =
        part.isPresent()
            ? tf.slice(tf.shape(like), tf.constant(new int[] {0}), tf.constant(new int[] {1}))
            : tf.constant(new int[] {1});
    Operand<TInt32> shape =
        tf.concat(List.of(images, grid, tf.constant(new int[] {1})), tf.constant(0));
    Operand<TFloat32> drawn =
        part.orElse(Part.WHOLE).uniform(tf, Stream.CELL_UPDATE, shape, seed, counter);
    return Optional.of(
        tf.dtypes.cast(tf.math.less(drawn, tf.constant((float) probability)), TFloat32.class));
  }
}
