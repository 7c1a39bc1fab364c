package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.Precision;

/**
 * A transposed convolution: the gradient of a convolution that maps a square of {@code side} onto
 * the input. What is added to its output is a {@link Bias}.
 *
 * @param name prefix of the parameter's name, {@code name/weight}
 * @param kernel side of the square kernel
 * @param in channels of the input
 * @param out channels of the output
 * @param stride by how much the output is finer than the input
 * @param padding what is cut off on every side of the output
 * @param side of the square output; with it PyTorch's output padding is given
 * @param precision of the operands of its products, whose results are float32
 */
public record TransposedConvolution(
    String name,
    int kernel,
    int in,
    int out,
    int stride,
    int padding,
    int side,
    Precision precision)
    implements Layer {

  /** This layer and a bias of the same name behind it. */
  public Sequence withBias() {
    return Sequence.of(this, new Bias(name, out, initial()));
  }

  @Override
  public boolean multipliesInput() {
    return true;
  }

  @Override
  public TransposedConvolution withPrecision(Precision other) {
    return new TransposedConvolution(name, kernel, in, out, stride, padding, side, other);
  }

  /** PyTorch's default takes the outputs for the fan-in of a transposed convolution. */
  private Initial initial() {
    return Initial.fanIn((long) kernel * kernel * out);
  }

  private String weight() {
    return name + "/weight";
  }

  /** Weight, {@code [kernel, kernel, out, in]}. */
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(new ParameterSpec(weight(), Shape.of(kernel, kernel, out, in), initial()));
  }

  /** The kernel rounded to the precision. */
  @Override
  public Weights prepared(Ops tf, Weights values) {
    return Weights.of(weight(), products().prepared(tf, values.value(weight())));
  }

  /**
   * {@inheritDoc}
   *
   * @param x {@code [B, h, w, in]}
   */
  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<?> input = Rounding.operand(tf, x, precision);
    Operand<TInt32> batch =
        tf.slice(tf.shape(input), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> sizes =
        tf.concat(List.of(batch, tf.constant(new int[] {side, side, out})), tf.constant(0));
    return new Forward(
        products().inputOfSize(tf, sizes, weights.get(weight()), input), Saved.of(input));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<?> rounded = Rounding.operand(tf, dy, precision);
    Gradients dWeight =
        Gradients.of(weight(), products().ofKernel(tf, rounded, saved.own().get(0)));
    return new Backward(products().output(tf, rounded, weights.get(weight())), dWeight);
  }

  @Override
  public MapShape output(MapShape input) {
    return MapShape.square(side, out);
  }

  /** Each value of the coarser of the two maps is multiplied with the whole kernel. */
  @Override
  public long flops(MapShape input) {
    return 2L * kernel * kernel * in * out * Math.min(input.cells(), output(input).cells());
  }

  private DirectProducts products() {
    return new DirectProducts(kernel, out, in, stride, padding, false, precision);
  }
}
