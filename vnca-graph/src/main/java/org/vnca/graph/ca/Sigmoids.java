package org.vnca.graph.ca;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The logistic function's derivative from its value. */
final class Sigmoids {
  private Sigmoids() {}

  /** s (1 - s). */
  static Operand<TFloat32> slope(Ops tf, Operand<TFloat32> sigmoid) {
    return tf.math.mul(sigmoid, tf.math.sub(tf.constant(1f), sigmoid));
  }
}
