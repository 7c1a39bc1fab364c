package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The norm of all gradients together, and gradients clipped by it (Pascanu et al. 2013), as
 * PyTorch's {@code clip_grad_norm_}.
 *
 * @param norm scalar float32, before clipping; not finite if any gradient is not
 * @param clipped the gradients times min(1, limit / (norm + 1e-6))
 */
record GradientNorm(Operand<TFloat32> norm, List<Operand<TFloat32>> clipped) {
  private static final float GUARD = 1e-6f;

  static GradientNorm clip(Ops tf, List<Operand<TFloat32>> gradients, double limit) {
    List<Operand<TFloat32>> halfSquares = new ArrayList<>();
    gradients.forEach(gradient -> halfSquares.add(tf.nn.l2Loss(gradient)));
    Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.math.addN(halfSquares), tf.constant(2f)));
    Operand<TFloat32> factor =
        tf.math.minimum(
            tf.constant(1f),
            tf.math.div(tf.constant((float) limit), tf.math.add(norm, tf.constant(GUARD))));
    List<Operand<TFloat32>> clipped = new ArrayList<>();
    gradients.forEach(gradient -> clipped.add(tf.math.mul(gradient, factor)));
    return new GradientNorm(norm, List.copyOf(clipped));
  }

  /** All of them. */
  List<Operand<TFloat32>> operands() {
    List<Operand<TFloat32>> all = new ArrayList<>(clipped);
    all.add(norm);
    return all;
  }

  /** The same, computed in another way: as {@link #operands}. */
  GradientNorm of(List<Operand<TFloat32>> operands) {
    int count = clipped.size();
    return new GradientNorm(operands.get(count), operands.subList(0, count));
  }
}
