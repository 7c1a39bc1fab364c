package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropFilter;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;

/**
 * A convolution with zero padding, an optional bias and an optional ELU, and its gradient from
 * saved activations.
 *
 * @param name prefix of the parameters' names: {@code name/weight}, {@code name/bias}
 * @param kernel side of the square kernel
 * @param in channels of the input
 * @param out channels of the output
 * @param stride step of the kernel in both directions
 * @param padding zeros added on every side
 * @param bias whether a bias is added
 * @param elu whether ELU (alpha 1) follows
 * @param zero whether weight and bias start at zero instead of PyTorch's default
 */
public record Convolution(
    String name,
    int kernel,
    int in,
    int out,
    int stride,
    int padding,
    boolean bias,
    boolean elu,
    boolean zero) {
  private static final String SAME = "SAME";
  private static final String EXPLICIT = "EXPLICIT";

  /** A convolution that keeps the grid's size: odd kernel, stride 1, zero padding, bias. */
  public static Convolution same(String name, int kernel, int in, int out) {
    return new Convolution(name, kernel, in, out, 1, kernel / 2, true, false, false);
  }

  /** The same with ELU behind it. */
  public Convolution withElu() {
    return new Convolution(name, kernel, in, out, stride, padding, bias, true, zero);
  }

  /** The same with all parameters zero at first. */
  public Convolution startingAtZero() {
    return new Convolution(name, kernel, in, out, stride, padding, bias, elu, true);
  }

  /** The same without bias. */
  public Convolution withoutBias() {
    return new Convolution(name, kernel, in, out, stride, padding, false, elu, zero);
  }

  /** Adds weight, {@code [kernel, kernel, in, out]}, and bias, {@code [out]}, in this order. */
  public List<Parameter> addTo(Parameters parameters) {
    Initial initial = zero ? new Initial.Zero() : Initial.fanIn((long) kernel * kernel * in);
    List<Parameter> added = new ArrayList<>();
    added.add(parameters.add(name + "/weight", Shape.of(kernel, kernel, in, out), initial));
    if (bias) {
      added.add(parameters.add(name + "/bias", Shape.of(out), initial));
    }
    return List.copyOf(added);
  }

  /** How many parameters the layer has: 2, or 1 without bias. */
  public int parameterCount() {
    return bias ? 2 : 1;
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [B, H, W, in]} float32
   * @param weights the values of this layer's parameters, in the order of {@link #addTo}
   * @return {@code [B, H', W', out]} float32
   */
  public Operand<TFloat32> forward(Ops tf, Operand<TFloat32> x, List<Operand<TFloat32>> weights) {
    Operand<TFloat32> y =
        same()
            ? tf.nn.conv2d(x, weights.get(0), strides(), SAME)
            : tf.nn.conv2d(
                x, weights.get(0), strides(), EXPLICIT, Conv2d.explicitPaddings(paddings()));
    y = bias ? tf.nn.biasAdd(y, weights.get(1)) : y;
    return elu ? tf.nn.elu(y) : y;
  }

  /**
   * Gradients at saved activations; no forward convolution is computed.
   *
   * @param x the input, {@code [B, H, W, in]}
   * @param y the output, {@code [B, H', W', out]}; read only where ELU follows
   * @param weights as in {@link #forward}
   * @param dy the gradient of the output, of its shape
   * @param dxWanted whether the input's gradient is wanted
   */
  public LayerGradient backward(
      Ops tf,
      Operand<TFloat32> x,
      Operand<TFloat32> y,
      List<Operand<TFloat32>> weights,
      Operand<TFloat32> dy,
      boolean dxWanted) {
    Operand<TFloat32> before = elu ? tf.nn.eluGrad(dy, y) : dy;
    List<Operand<TFloat32>> dWeights = new ArrayList<>();
    dWeights.add(
        same()
            ? tf.nn.conv2dBackpropFilter(x, tf.constant(weightSizes()), before, strides(), SAME)
            : tf.nn.conv2dBackpropFilter(
                x,
                tf.constant(weightSizes()),
                before,
                strides(),
                EXPLICIT,
                Conv2dBackpropFilter.explicitPaddings(paddings())));
    if (bias) {
      dWeights.add(tf.nn.biasAddGrad(before));
    }
    return new LayerGradient(
        dxWanted ? inputGradient(tf, x, weights.get(0), before) : null, dWeights);
  }

  private Operand<TFloat32> inputGradient(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> before) {
    return same()
        ? tf.nn.conv2dBackpropInput(tf.shape(x), weight, before, strides(), SAME)
        : tf.nn.conv2dBackpropInput(
            tf.shape(x),
            weight,
            before,
            strides(),
            EXPLICIT,
            Conv2dBackpropInput.explicitPaddings(paddings()));
  }

  /** Whether TensorFlow's SAME means this padding; its kernels take that path more often. */
  private boolean same() {
    return stride == 1 && kernel % 2 == 1 && padding == kernel / 2;
  }

  private int[] weightSizes() {
    return new int[] {kernel, kernel, in, out};
  }

  private List<Long> strides() {
    return List.of(1L, (long) stride, (long) stride, 1L);
  }

  private List<Long> paddings() {
    long p = padding;
    return List.of(0L, 0L, p, p, p, p, 0L, 0L);
  }
}
