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
 * By TensorFlow's convolutions. Operands are rounded to the precision; results are float32, before
 * anything is added to them.
 *
 * <p>TensorFlow's CPU kernels for the two gradients with explicit padding are not oneDNN's: twice
 * as slow in float32, 20 times in bfloat16, in which they also sum up (2.18, measured). So for
 * those it is the input that is padded.
 *
 * @param kernel side of the square kernel
 * @param in channels of the input
 * @param out channels of the output
 * @param stride step of the kernel in both directions
 * @param padding zeros added on every side
 * @param same whether TensorFlow's SAME means this padding; its kernels take that path more often
 * @param precision of the operands
 */
record DirectProducts(
    int kernel, int in, int out, int stride, int padding, boolean same, Precision precision)
    implements Products {
  private static final String SAME = "SAME";
  private static final String VALID = "VALID";
  private static final String EXPLICIT = "EXPLICIT";

  /** The kernel rounded to the precision. */
  @Override
  public Operand<?> prepared(Ops tf, Operand<TFloat32> weight) {
    return Rounding.operand(tf, weight, precision);
  }

  /** The input rounded to the precision. */
  @Override
  public Operand<?> inputForm(Ops tf, Operand<?> x) {
    return operand(tf, x);
  }

  @Override
  public Operand<TFloat32> output(Ops tf, Operand<?> x, Operand<?> weight) {
    return Rounding.float32(tf, product(tf, operand(tf, x), operand(tf, weight)));
  }

  @Override
  public Operand<TFloat32> ofInput(Ops tf, Operand<?> x, Operand<?> weight, Operand<?> dy) {
    if (matrices()) {
      Operand<TFloat32> product =
          tf.linalg.matMul(rows(tf, dy, out), matrix(tf, weight), MatMul.transposeB(true));
      return tf.reshape(product, tf.shape(x));
    }
    return inputOfSize(tf, tf.shape(x), weight, dy);
  }

  /**
   * The gradient of an input that is not there.
   *
   * @param sizes its sizes
   */
  Operand<TFloat32> inputOfSize(Ops tf, Operand<TInt32> sizes, Operand<?> weight, Operand<?> dy) {
    return Rounding.float32(tf, inputProduct(tf, sizes, operand(tf, weight), operand(tf, dy)));
  }

  @Override
  public Operand<TFloat32> ofKernel(Ops tf, Operand<?> x, Operand<?> dy) {
    if (matrices()) {
      Operand<TFloat32> product =
          tf.linalg.matMul(rows(tf, x, in), rows(tf, dy, out), MatMul.transposeA(true));
      return tf.reshape(product, tf.constant(sizes()));
    }
    return Rounding.float32(
        tf, kernelProduct(tf, operand(tf, x), tf.constant(sizes()), operand(tf, dy)));
  }

  /** A 1x1 kernel. */
  private Operand<TFloat32> matrix(Ops tf, Operand<?> weight) {
    return tf.reshape(Loop.<TFloat32>typed(weight), tf.constant(new int[] {in, out}));
  }

  /** Cells as rows: {@code [B H W, channels]}. */
  private static Operand<TFloat32> rows(Ops tf, Operand<?> x, int channels) {
    return tf.reshape(Loop.<TFloat32>typed(x), tf.constant(new int[] {-1, channels}));
  }

  /** Whether the gradients are products of matrices, which TensorFlow computes faster. */
  private boolean matrices() {
    return same && kernel == 1 && precision == Precision.FLOAT32;
  }

  private int[] sizes() {
    return new int[] {kernel, kernel, in, out};
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
