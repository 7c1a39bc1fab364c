package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer, x W, of rows, in float32 in any precision; what is added to its output is a {@link
 * Bias}.
 *
 * @param name prefix of the parameter's name, {@code name/weight}
 * @param in values of a row of the input
 * @param out values of a row of the output
 */
public record Dense(String name, int in, int out) implements Layer {

  /** This layer and a bias of the same name behind it. */
  public Sequence withBias() {
    return Sequence.of(this, new Bias(name, out, Initial.fanIn(in)));
  }

  private String weight() {
    return name + "/weight";
  }

  /** Weight, {@code [in, out]}. */
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(new ParameterSpec(weight(), Shape.of(in, out), Initial.fanIn(in)));
  }

  /**
   * {@inheritDoc}
   *
   * @param x {@code [B, in]}
   */
  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<TFloat32> rows = Rounding.float32(tf, x);
    return new Forward(tf.linalg.matMul(rows, weights.value(weight())), Saved.of(rows));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<TFloat32> x = Loop.typed(saved.own().get(0));
    return new Backward(
        tf.linalg.matMul(dy, weights.value(weight()), MatMul.transposeB(true)),
        Gradients.of(weight(), tf.linalg.matMul(x, dy, MatMul.transposeA(true))));
  }

  @Override
  public MapShape output(MapShape input) {
    return MapShape.row(out);
  }

  @Override
  public long flops(MapShape input) {
    return 2L * in * out;
  }
}
