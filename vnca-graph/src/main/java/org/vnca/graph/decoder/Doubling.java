package org.vnca.graph.decoder;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Every cell becomes a 2 x 2 block of itself (paper, figure 2, right). */
final class Doubling {
  private static final List<Long> BLOCK = List.of(1L, 2L, 2L, 1L);

  private Doubling() {}

  /** {@code [B, h, w, C]} to {@code [B, 2h, 2w, C]}. */
  static Operand<TFloat32> forward(Ops tf, Operand<TFloat32> z) {
    Operand<TInt32> side =
        tf.slice(tf.shape(z), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
    return tf.image.resizeNearestNeighbor(z, tf.math.mul(side, tf.constant(2)));
  }

  /**
   * The gradient: the sum over each block, {@code [B, 2h, 2w, C]} to {@code [B, h, w, C]}. As an
   * average times four, since the gradient operation of the resizing adds in no fixed order on a
   * GPU.
   */
  static Operand<TFloat32> backward(Ops tf, Operand<TFloat32> dz) {
    return tf.math.mul(tf.nn.avgPool(dz, BLOCK, BLOCK, "VALID"), tf.constant(4f));
  }
}
