package org.vnca.graph.rollout;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Stream;

/**
 * What the random numbers of a rollout's steps are keyed by.
 *
 * @param seed the experiment's
 * @param key scalar int64: which sequence of numbers
 * @param part which part of a batch the cells are of, if each image has numbers of its own; empty
 *     if all have the same, which do not depend on what else is in the batch
 * @param time the steps that the states had before the rollout, scalar int32; empty for none
 * @param rows how many images the part has, scalar int32, if the cells are of its first ones only;
 *     empty if they are of all
 */
public record StepDraws(
    long seed,
    Operand<TInt64> key,
    Optional<BatchPart> part,
    Optional<Operand<TInt32>> time,
    Optional<Operand<TInt32>> rows) {

  /** The numbers of a sequence have consecutive counters; a sequence has this many. */
  private static final long STEPS = 1L << 20;

  /** Outside of training: the sequence of a step that training never takes, for all images. */
  private static final long MEASURING = -1;

  /**
   * Of a training step: every image has numbers of its own.
   *
   * @param seed the experiment's
   * @param step the training step's number, scalar int64
   * @param part which part of the batch the cells are of
   */
  public static StepDraws training(long seed, Operand<TInt64> step, BatchPart part) {
    return new StepDraws(seed, step, Optional.of(part), Optional.empty(), Optional.empty());
  }

  /** Outside of training: all images have the same numbers. */
  public static StepDraws measuring(Ops tf, long seed) {
    return new StepDraws(
        seed, tf.constant(MEASURING), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * The same for states that had steps already.
   *
   * @param steps scalar int32
   */
  public StepDraws after(Operand<TInt32> steps) {
    return new StepDraws(seed, key, part, Optional.of(steps), rows);
  }

  /**
   * The same for cells of the first images of a part alone.
   *
   * @param images how many the part has, scalar int32
   */
  public StepDraws of(Operand<TInt32> images) {
    return new StepDraws(seed, key, part, time, Optional.of(images));
  }

  /**
   * Uniform numbers in [0, 1), one for each cell.
   *
   * @param like states, of which the sizes count
   * @param t scalar int32, the step
   * @return {@code [B or 1, H, W, 1]}
   */
  Operand<TFloat32> uniform(Ops tf, Stream stream, Operand<TFloat32> like, Operand<TInt32> t) {
    Operand<TInt32> shape = shape(tf, like, 1);
    return ofCells(
        tf, like, part.orElse(BatchPart.WHOLE).uniform(tf, stream, shape, seed, counter(tf, t)));
  }

  /**
   * Standard normal numbers, some for each cell; as {@link #uniform}.
   *
   * @return {@code [B or 1, H, W, channels]}
   */
  Operand<TFloat32> normal(
      Ops tf, Stream stream, Operand<TFloat32> like, int channels, Operand<TInt32> t) {
    Operand<TInt32> shape = shape(tf, like, channels);
    return ofCells(
        tf, like, part.orElse(BatchPart.WHOLE).normal(tf, stream, shape, seed, counter(tf, t)));
  }

  /** Of numbers for all images of the part, those of its first ones. */
  private Operand<TFloat32> ofCells(Ops tf, Operand<TFloat32> like, Operand<TFloat32> drawn) {
    if (rows.isEmpty()) {
      return drawn;
    }
    return tf.slice(
        drawn,
        tf.constant(new int[4]),
        tf.concat(List.of(images(tf, like), tf.constant(new int[] {-1, -1, -1})), tf.constant(0)));
  }

  private static Operand<TInt32> images(Ops tf, Operand<TFloat32> like) {
    return tf.slice(tf.shape(like), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
  }

  private Operand<TInt64> counter(Ops tf, Operand<TInt32> t) {
    Operand<TInt32> now = time.isPresent() ? tf.math.add(t, time.get()) : t;
    Operand<TInt64> sequence = tf.math.mul(key, tf.constant(STEPS));
    return tf.math.add(sequence, tf.dtypes.cast(now, TInt64.class));
  }

  private Operand<TInt32> shape(Ops tf, Operand<TFloat32> like, int channels) {
    Operand<TInt32> grid =
        tf.slice(tf.shape(like), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
    Operand<TInt32> images = part.isPresent() ? images(tf, like) : tf.constant(new int[] {1});
    if (rows.isPresent()) {
      images = tf.expandDims(rows.get(), tf.constant(0));
    }
    return tf.concat(List.of(images, grid, tf.constant(new int[] {channels})), tf.constant(0));
  }
}
