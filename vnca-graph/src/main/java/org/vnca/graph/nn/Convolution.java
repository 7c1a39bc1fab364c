package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.spec.Precision;

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
 * @param precision of the operands of its products; biases and ELU are computed in float32
 * @param special how the products are computed, if not by TensorFlow's convolutions
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
    boolean zero,
    Precision precision,
    Optional<Products> special) {

  /** A convolution that TensorFlow computes. */
  public Convolution(
      String name,
      int kernel,
      int in,
      int out,
      int stride,
      int padding,
      boolean bias,
      boolean elu,
      boolean zero,
      Precision precision) {
    this(name, kernel, in, out, stride, padding, bias, elu, zero, precision, Optional.empty());
  }

  /** A convolution that keeps the grid's size: odd kernel, stride 1, zero padding, bias. */
  public static Convolution same(String name, int kernel, int in, int out) {
    return new Convolution(
        name, kernel, in, out, 1, kernel / 2, true, false, false, Precision.FLOAT32);
  }

  /** The same with ELU behind it. */
  public Convolution withElu() {
    return new Convolution(name, kernel, in, out, stride, padding, bias, true, zero, precision);
  }

  /** The same with all parameters zero at first. */
  public Convolution startingAtZero() {
    return new Convolution(name, kernel, in, out, stride, padding, bias, elu, true, precision);
  }

  /** The same without bias. */
  public Convolution withoutBias() {
    return new Convolution(name, kernel, in, out, stride, padding, false, elu, zero, precision);
  }

  /** The same, multiplying in another precision. */
  public Convolution withPrecision(Precision other) {
    return new Convolution(name, kernel, in, out, stride, padding, bias, elu, zero, other);
  }

  /**
   * The same for maps of one size, on a CPU: by {@link Winograd}'s tiles if that gains. To be asked
   * last: the other variants know no size.
   *
   * @param side of the square maps
   */
  public Convolution onGrid(int side) {
    Optional<Products> gains =
        same() && Winograd.gains(side, kernel, in, out, precision)
            ? Optional.of(new Winograd(side, in, out))
            : Optional.empty();
    return new Convolution(
        name, kernel, in, out, stride, padding, bias, elu, zero, precision, gains);
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
   * The parameters as {@link #forward} and {@link #backward} read them: the kernel rounded to the
   * precision, or at the points of the tiles. A loop that is given these does not make them again
   * in every iteration.
   *
   * @param weights the values of this layer's parameters, in the order of {@link #addTo}
   */
  public List<Operand<?>> prepared(Ops tf, List<Operand<TFloat32>> weights) {
    List<Operand<?>> prepared = new ArrayList<>(weights);
    prepared.set(0, products().prepared(tf, weights.get(0)));
    return prepared;
  }

  /**
   * The input as {@link #forwardOf} and {@link #backwardOf} read it: rounded to the precision, or
   * at the points of the tiles. Who keeps it spares the backward pass making it again.
   *
   * @param x {@code [B, H, W, in]} float32, or already rounded
   */
  public Operand<?> read(Ops tf, Operand<?> x) {
    return products().read(tf, x);
  }

  /** The type of what {@link #read} returns. */
  public Class<? extends TNumber> readType() {
    return products().readType();
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [B, H, W, in]} float32, or already rounded
   * @param weights {@link #prepared}; or, without tiles, the parameters' values as they are
   * @return {@code [B, H', W', out]} float32
   */
  public Operand<TFloat32> forward(Ops tf, Operand<?> x, List<? extends Operand<?>> weights) {
    return forwardOf(tf, read(tf, x), weights);
  }

  /** As {@link #forward}, but {@code x} is what {@link #read} returned. */
  public Operand<TFloat32> forwardOf(Ops tf, Operand<?> x, List<? extends Operand<?>> weights) {
    Operand<TFloat32> y = products().output(tf, x, weights.get(0));
    y = bias ? tf.nn.biasAdd(y, Loop.typed(weights.get(1))) : y;
    return elu ? tf.nn.elu(y) : y;
  }

  /**
   * Gradients at saved activations; no forward convolution is computed.
   *
   * @param x the input, {@code [B, H, W, in]}, float32 or rounded
   * @param y the output, {@code [B, H', W', out]}, float32 or rounded; read only where ELU follows
   * @param weights as in {@link #forward}
   * @param dy the gradient of the output, of its shape
   * @param dxWanted whether the input's gradient is wanted
   */
  public LayerGradient backward(
      Ops tf,
      Operand<?> x,
      Operand<?> y,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dy,
      boolean dxWanted) {
    return backwardOf(tf, read(tf, x), y, weights, dy, dxWanted);
  }

  /** As {@link #backward}, but {@code x} is what {@link #read} returned. */
  public LayerGradient backwardOf(
      Ops tf,
      Operand<?> x,
      Operand<?> y,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dy,
      boolean dxWanted) {
    Operand<TFloat32> before = elu ? tf.nn.eluGrad(dy, Rounding.float32(tf, y)) : dy;
    Operand<?> rounded = Rounding.operand(tf, before, precision);
    List<Operand<TFloat32>> dWeights = new ArrayList<>();
    dWeights.add(products().ofKernel(tf, x, rounded));
    if (bias) {
      dWeights.add(tf.nn.biasAddGrad(before));
    }
    return new LayerGradient(
        dxWanted ? products().ofInput(tf, x, weights.get(0), rounded) : null, dWeights);
  }

  private boolean same() {
    return stride == 1 && kernel % 2 == 1 && padding == kernel / 2;
  }

  private Products products() {
    return special.orElseGet(
        () -> new DirectProducts(kernel, in, out, stride, padding, same(), precision));
  }
}
