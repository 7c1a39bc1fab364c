package org.vnca.graph.nn;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.description.NoDescription;
import org.vnca.graph.spec.Precision;

/**
 * A convolution with zero padding; what is added to its output is a {@link Bias}.
 *
 * @param name prefix of the parameter's name, {@code name/weight}
 * @param kernel side of the square kernel
 * @param in channels of the input
 * @param out channels of the output
 * @param stride step of the kernel in both directions
 * @param padding zeros added on every side
 * @param initial first value of the kernel
 * @param precision of the operands of its products, whose results are float32
 * @param special how the products are computed, if not by TensorFlow's convolutions
 */
public record Convolution(
    String name,
    int kernel,
    int in,
    int out,
    int stride,
    int padding,
    Initial initial,
    Precision precision,
    Optional<Products> special)
    implements Layer {

  /**
   * A convolution of float32 that TensorFlow computes, with PyTorch's first values.
   *
   * @param name prefix of the parameter's name
   * @param padding zeros added on every side
   */
  public static Convolution of(String name, int kernel, int in, int out, int stride, int padding) {
    return new Convolution(
        name,
        kernel,
        in,
        out,
        stride,
        padding,
        Initial.fanIn((long) kernel * kernel * in),
        Precision.FLOAT32,
        Optional.empty());
  }

  /** A convolution that keeps the map's size: odd kernel, stride 1, zero padding. */
  public static Convolution same(String name, int kernel, int in, int out) {
    return of(name, kernel, in, out, 1, kernel / 2);
  }

  /** The same with another first value, which a bias behind it has, too. */
  public Convolution startingAt(Initial other) {
    return new Convolution(name, kernel, in, out, stride, padding, other, precision, special);
  }

  /** This convolution and a bias of the same name behind it. */
  public Sequence withBias() {
    return Sequence.of(this, new Bias(name, out, initial));
  }

  @Override
  public boolean multipliesInput() {
    return true;
  }

  @Override
  public Convolution withPrecision(Precision other) {
    return new Convolution(
        name, kernel, in, out, stride, padding, initial, other, Optional.empty());
  }

  @Override
  public Convolution onGrid(int side) {
    return by(
        same() && Winograd.gains(side, kernel, in, out, precision)
            ? Optional.of(new Winograd(side, in, out))
            : Optional.empty());
  }

  /** The same, its products computed in another way. */
  Convolution by(Optional<Products> other) {
    return new Convolution(name, kernel, in, out, stride, padding, initial, precision, other);
  }

  private String weight() {
    return name + "/weight";
  }

  /** Weight, {@code [kernel, kernel, in, out]}. */
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(new ParameterSpec(weight(), Shape.of(kernel, kernel, in, out), initial));
  }

  /** The kernel rounded to the precision, or at the points of the tiles. */
  @Override
  public Weights prepared(Ops tf, Weights values) {
    return Weights.of(weight(), products().prepared(tf, values.value(weight())));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Saved is the input as the products read it: rounded to the precision, or at the points of
   * the tiles. So the backward pass does not make that again.
   *
   * @param x {@code [B, H, W, in]}
   */
  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<?> input = products().inputForm(tf, x);
    return new Forward(products().output(tf, input, weights.get(weight())), Saved.of(input));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<?> input = saved.own().get(0);
    Operand<?> rounded = Rounding.operand(tf, dy, precision);
    Gradients dWeight = Gradients.of(weight(), products().ofKernel(tf, input, rounded));
    return new Backward(products().ofInput(tf, input, weights.get(weight()), rounded), dWeight);
  }

  @Override
  public Description description() {
    if (!same()) {
      throw NoDescription.because(
          "%s has stride %d and padding %d with a kernel of %d, but a cell's neighbourhood needs stride 1 and zeros all round"
              .formatted(name, stride, padding, kernel));
    }
    return Description.of("convolution")
        .with("kernel", kernel)
        .with("in", in)
        .with("out", out)
        .with("weight", weight());
  }

  @Override
  public MapShape output(MapShape input) {
    return new MapShape(outside(input.height()), outside(input.width()), out);
  }

  private int outside(int side) {
    return (side + 2 * padding - kernel) / stride + 1;
  }

  @Override
  public long flops(MapShape input) {
    return 2L * kernel * kernel * in * out * output(input).cells();
  }

  private boolean same() {
    return stride == 1 && kernel % 2 == 1 && padding == kernel / 2;
  }

  private Products products() {
    return special.orElseGet(
        () -> new DirectProducts(kernel, in, out, stride, padding, same(), precision));
  }
}
