package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.Precision;

/**
 * A transposed convolution with bias and an optional ELU, and its gradient from saved activations:
 * the gradient of a convolution that maps a square of {@code side} onto the input.
 *
 * @param name prefix of the parameters' names: {@code name/weight}, {@code name/bias}
 * @param kernel side of the square kernel
 * @param in channels of the input
 * @param out channels of the output
 * @param stride by how much the output is finer than the input
 * @param padding what is cut off on every side of the output
 * @param side of the square output; with it PyTorch's output padding is given
 * @param elu whether ELU (alpha 1) follows
 * @param precision of the operands of its products; biases and ELU are computed in float32
 */
public record TransposedConvolution(
    String name,
    int kernel,
    int in,
    int out,
    int stride,
    int padding,
    int side,
    boolean elu,
    Precision precision) {

  /** The same, multiplying in another precision. */
  public TransposedConvolution withPrecision(Precision other) {
    return new TransposedConvolution(name, kernel, in, out, stride, padding, side, elu, other);
  }

  /**
   * Adds weight, {@code [kernel, kernel, out, in]}, and bias, {@code [out]}, in this order.
   * PyTorch's default takes the outputs for the fan-in of a transposed convolution.
   */
  public List<Parameter> addTo(Parameters parameters) {
    Initial initial = Initial.fanIn((long) kernel * kernel * out);
    return List.of(
        parameters.add(name + "/weight", Shape.of(kernel, kernel, out, in), initial),
        parameters.add(name + "/bias", Shape.of(out), initial));
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [B, h, w, in]} float32
   * @param weights the values of this layer's parameters, in the order of {@link #addTo}
   * @return {@code [B, side, side, out]} float32
   */
  public Operand<TFloat32> forward(Ops tf, Operand<TFloat32> x, List<Operand<TFloat32>> weights) {
    Operand<TInt32> batch =
        tf.slice(tf.shape(x), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> sizes =
        tf.concat(List.of(batch, tf.constant(new int[] {side, side, out})), tf.constant(0));
    Operand<TFloat32> y =
        tf.nn.biasAdd(products().inputOfSize(tf, sizes, weights.get(0), x), weights.get(1));
    return elu ? tf.nn.elu(y) : y;
  }

  /**
   * Gradients at saved activations.
   *
   * @param x the input, {@code [B, h, w, in]}
   * @param y the output, {@code [B, side, side, out]}; read only where ELU follows
   * @param weights as in {@link #forward}
   * @param dy the gradient of the output, of its shape
   */
  public LayerGradient backward(
      Ops tf,
      Operand<TFloat32> x,
      Operand<TFloat32> y,
      List<Operand<TFloat32>> weights,
      Operand<TFloat32> dy) {
    Operand<TFloat32> before = elu ? tf.nn.eluGrad(dy, y) : dy;
    Operand<?> rounded = Rounding.operand(tf, before, precision);
    Operand<TFloat32> dWeight = products().ofKernel(tf, rounded, x);
    Operand<TFloat32> dx = products().output(tf, rounded, weights.get(0));
    return new LayerGradient(dx, List.of(dWeight, tf.nn.biasAddGrad(before)));
  }

  private DirectProducts products() {
    return new DirectProducts(kernel, out, in, stride, padding, false, precision);
  }
}
