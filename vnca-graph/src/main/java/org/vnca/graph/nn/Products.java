package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.spec.Precision;

/**
 * The three products of a convolution with zero padding: its output, and the gradients of its input
 * and of its kernel. Operands are rounded to the precision; results are float32, before anything is
 * added to them.
 *
 * <p>TensorFlow's CPU kernels for the two gradients with explicit padding are not oneDNN's: twice
 * as slow in float32, 20 times in bfloat16, in which they also sum up (2.18, measured). So for
 * those it is the input that is padded.
 *
 * @param stride step of the kernel in both directions
 * @param padding zeros added on every side
 * @param same whether TensorFlow's SAME means this padding; its kernels take that path more often
 * @param precision of the operands
 */
record Products(int stride, int padding, boolean same, Precision precision) {
  private static final String SAME = "SAME";
  private static final String VALID = "VALID";
  private static final String EXPLICIT = "EXPLICIT";

  /**
   * The convolution.
   *
   * @param x {@code [B, H, W, in]}
   * @param weight {@code [kernel, kernel, in, out]}
   * @return {@code [B, H', W', out]} float32
   */
  Operand<TFloat32> output(Ops tf, Operand<?> x, Operand<?> weight) {
    return Rounding.float32(tf, product(tf, operand(tf, x), operand(tf, weight)));
  }

  /**
   * The gradient of the input.
   *
   * @param sizes of x
   * @param dy {@code [B, H', W', out]}
   * @return {@code [B, H, W, in]} float32
   */
  Operand<TFloat32> ofInput(Ops tf, Operand<TInt32> sizes, Operand<?> weight, Operand<?> dy) {
    return Rounding.float32(tf, inputProduct(tf, sizes, operand(tf, weight), operand(tf, dy)));
  }

  /**
   * The gradient of the kernel.
   *
   * @param sizes of the kernel
   * @return {@code [kernel, kernel, in, out]} float32
   */
  Operand<TFloat32> ofKernel(Ops tf, Operand<?> x, int[] sizes, Operand<?> dy) {
    if (same && sizes[0] == 1 && precision == Precision.FLOAT32) {
      Operand<TFloat32> product =
          tf.linalg.matMul(rows(tf, x, sizes[2]), rows(tf, dy, sizes[3]), MatMul.transposeA(true));
      return tf.reshape(product, tf.constant(sizes));
    }
    return Rounding.float32(
        tf, kernelProduct(tf, operand(tf, x), tf.constant(sizes), operand(tf, dy)));
  }

  private static Operand<TFloat32> rows(Ops tf, Operand<?> x, int channels) {
    return tf.reshape(Loop.<TFloat32>typed(x), tf.constant(new int[] {-1, channels}));
  }

  private Operand<TNumber> operand(Ops tf, Operand<?> x) {
    return Loop.typed(Rounding.operand(tf, x, precision));
  }

  private <T extends TNumber> Operand<T> product(Ops tf, Operand<T> x, Operand<T> weight) {
    return same
        ? tf.nn.conv2d(x, weight, strides(), SAME)
        : tf.nn.conv2d(x, weight, strides(), EXPLICIT, Conv2d.explicitPaddings(paddings()));
  }

  private <T extends TNumber> Operand<T> inputProduct(
      Ops tf, Operand<TInt32> sizes, Operand<T> weight, Operand<T> dy) {
    if (same) {
      return tf.nn.conv2dBackpropInput(sizes, weight, dy, strides(), SAME);
    }
    Operand<TInt32> border = tf.constant(new int[] {0, 2 * padding, 2 * padding, 0});
    Operand<T> padded =
        tf.nn.conv2dBackpropInput(tf.math.add(sizes, border), weight, dy, strides(), VALID);
    return tf.slice(padded, tf.constant(new int[] {0, padding, padding, 0}), sizes);
  }

  private <T extends TNumber> Operand<T> kernelProduct(
      Ops tf, Operand<T> x, Operand<TInt32> sizes, Operand<T> dy) {
    return same
        ? tf.nn.conv2dBackpropFilter(x, sizes, dy, strides(), SAME)
        : tf.nn.conv2dBackpropFilter(padded(tf, x), sizes, dy, strides(), VALID);
  }

  private <T extends TNumber> Operand<T> padded(Ops tf, Operand<T> x) {
    int p = padding;
    Operand<T> zero = Loop.typed(Rounding.operand(tf, tf.constant(0f), precision));
    return tf.pad(x, tf.constant(new int[][] {{0, 0}, {p, p}, {p, p}, {0, 0}}), zero);
  }

  private List<Long> strides() {
    return List.of(1L, (long) stride, (long) stride, 1L);
  }

  private List<Long> paddings() {
    long p = padding;
    return List.of(0L, 0L, p, p, p, p, 0L, 0L);
  }
}
