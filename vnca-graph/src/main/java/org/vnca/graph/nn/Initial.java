package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * The first value of a parameter.
 *
 * <p>Each is made from what TensorFlow does not take for a constant. Else it would compute all
 * first values while it prepares the session, and copy them into the description of the graph and
 * out of it again.
 */
public sealed interface Initial {

  /** The value as an operand, drawn from the stream that {@code name} has for itself. */
  Operand<TFloat32> value(Ops tf, Shape shape, long seed, String name);

  /**
   * PyTorch's default for the weight and the bias of convolutions and dense layers: uniform in +-
   * 1/sqrt(fan-in), which is Kaiming's uniform with a = sqrt(5).
   *
   * @param fanIn values that one output is a weighted sum of
   */
  static Initial fanIn(long fanIn) {
    return new Uniform(1 / Math.sqrt((double) fanIn));
  }

  /** The same value behind an operation of control flow, which constant folding never passes. */
  private static <T extends TType> Operand<T> unfolded(Ops tf, Operand<T> value) {
    return tf.merge(List.of(value)).output();
  }

  /** All zero. */
  record Zero() implements Initial {
    @Override
    public Operand<TFloat32> value(Ops tf, Shape shape, long seed, String name) {
      return tf.fill(tf.constant(shape), unfolded(tf, tf.constant(0f)));
    }
  }

  /**
   * Uniform in [-bound, bound).
   *
   * @param bound half the width
   */
  record Uniform(double bound) implements Initial {
    @Override
    public Operand<TFloat32> value(Ops tf, Shape shape, long seed, String name) {
      Operand<TInt64> key =
          unfolded(tf, tf.constant(new long[] {Stream.INITIALIZATION.key(seed, name), 0}));
      Operand<TFloat32> unit = tf.random.statelessRandomUniform(tf.constant(shape), key);
      return tf.math.mul(
          tf.math.sub(tf.math.mul(unit, tf.constant(2f)), tf.constant(1f)),
          tf.constant((float) bound));
    }
  }
}
