package org.vnca.graph.nn;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.vnca.base.hash.SplitMix64;

/**
 * A purpose of random numbers. Every draw is a stateless function of (seed, stream, counter), so
 * that a run which stops and goes on draws what it would have drawn, and two purposes never share
 * numbers.
 */
public enum Stream {
  /** First values of the weights; the counter is the parameter's name. */
  INITIALIZATION,
  /** Noise of the posterior sample while training; the counter is the step. */
  POSTERIOR,
  /** Noise of the importance samples of a bound; the counter is image and sample block. */
  BOUND,
  /** Latent vectors drawn from the prior; the counter is the picture's index. */
  PRIOR,
  /** Pixels drawn from the likelihood; the counter is the picture's index. */
  LIKELIHOOD,
  /** Pixels that a mean image is the average of; the counter is the sample's number. */
  MEAN_IMAGE,
  /** Which cells are updated, where not all are; the counter is the training step and the time. */
  CELL_UPDATE,
  /** Noise of the cells' states; the counter is the training step and the time. */
  STATE_NOISE,
  /** How many steps a decoder takes on its last grid in a training step, which is the counter. */
  ROLLOUT_STEPS,
  /** Where states are damaged while training; the counter is the training step. */
  DAMAGE,
  /** Where a study damages states; drawn on the host, a sub-stream for each image and damage. */
  STUDY_DAMAGE,
  /** The order of the pool after a training step, which names the sub-stream; drawn on the host. */
  POOL_ORDER,
  /** The order of the training images; used by the reader, never inside a graph. */
  DATA_ORDER,
  /** Which images of a split are measured when not all are; used by the reader. */
  SUBSET,
  /** Grey levels drawn as 0 or 1; used by the reader, a sub-stream for each split if drawn once. */
  BINARIZE,
  /** Where training images are mirrored and moved; used by the reader. */
  AUGMENT;

  /** The stream's key: a well mixed 64-bit number, the same on every machine. */
  public long key(long seed) {
    return key(seed, "");
  }

  /** The key of one of many sub-streams, such as the initial value of one parameter. */
  public long key(long seed, String name) {
    return SplitMix64.first(SplitMix64.first(seed) ^ hash(name() + "/" + name));
  }

  /** Fowler, Noll and Vo's FNV-1a over UTF-16 units. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /**
   * Standard normal numbers.
   *
   * @param shape shape of the result, int32
   * @param counter scalar int64
   */
  public Operand<TFloat32> normal(
      Ops tf, Operand<TInt32> shape, long seed, Operand<TInt64> counter) {
    return tf.random.statelessRandomNormal(shape, pair(tf, seed, counter));
  }

  /**
   * Uniform numbers in [0, 1).
   *
   * @param shape shape of the result, int32
   * @param counter scalar int64
   */
  public Operand<TFloat32> uniform(
      Ops tf, Operand<TInt32> shape, long seed, Operand<TInt64> counter) {
    return tf.random.statelessRandomUniform(shape, pair(tf, seed, counter));
  }

  /**
   * Standard normal numbers, a piece for each counter, so that a piece does not depend on which
   * others are drawn with it.
   *
   * @param piece shape of one piece
   * @param counters {@code [N]} int64
   * @return {@code [N, piece...]} float32
   */
  public Operand<TFloat32> normals(Ops tf, Shape piece, long seed, Operand<TInt64> counters) {
    return pieces(tf, counters, (body, counter) -> normal(body, shape(body, piece), seed, counter));
  }

  /**
   * Uniform numbers in [0, 1), a piece for each counter; as {@link #normals}.
   *
   * @param piece shape of one piece
   * @param counters {@code [N]} int64
   * @return {@code [N, piece...]} float32
   */
  public Operand<TFloat32> uniforms(Ops tf, Shape piece, long seed, Operand<TInt64> counters) {
    return pieces(
        tf, counters, (body, counter) -> uniform(body, shape(body, piece), seed, counter));
  }

  private Operand<TFloat32> pieces(
      Ops tf, Operand<TInt64> counters, BiFunction<Ops, Operand<TInt64>, Operand<TFloat32>> draw) {
    Operand<TInt32> count = tf.squeeze(tf.shape(counters));
    Loop loop = new Loop(tf, "draw", count);
    Ops body = loop.tf();
    Loop.Variable<TType> list =
        loop.variable(
            Loop.typed(
                tf.emptyTensorList(tf.constant(-1), tf.constant(-1), TFloat32.class).asOutput()));
    Operand<TFloat32> drawn = draw.apply(body, body.gather(counters, loop.t(), body.constant(0)));
    list.next(Loop.typed(body.tensorListPushBack(list.now(), drawn).asOutput()));
    loop.end();
    return tf.tensorListStack(list.last(), tf.constant(-1), TFloat32.class);
  }

  private static Operand<TInt32> shape(Ops tf, Shape shape) {
    return tf.constant(Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray());
  }

  private Operand<TInt64> pair(Ops tf, long seed, Operand<TInt64> counter) {
    return tf.stack(List.of(tf.constant(key(seed)), counter));
  }
}
