package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer, y = x W + b, and its gradient.
 *
 * @param name prefix of the parameters' names: {@code name/weight}, {@code name/bias}
 * @param in values of a row of the input
 * @param out values of a row of the output
 */
public record Dense(String name, int in, int out) {

  /** Adds weight, {@code [in, out]}, and bias, {@code [out]}, in this order. */
  public List<Parameter> addTo(Parameters parameters) {
    Initial initial = Initial.fanIn(in);
    return List.of(
        parameters.add(name + "/weight", Shape.of(in, out), initial),
        parameters.add(name + "/bias", Shape.of(out), initial));
  }

  /**
   * Applies the layer.
   *
   * @param x {@code [B, in]} float32
   * @param weights the values of this layer's parameters, in the order of {@link #addTo}
   * @return {@code [B, out]} float32
   */
  public Operand<TFloat32> forward(Ops tf, Operand<TFloat32> x, List<Operand<TFloat32>> weights) {
    return tf.nn.biasAdd(tf.linalg.matMul(x, weights.get(0)), weights.get(1));
  }

  /**
   * The gradients.
   *
   * @param x the input, {@code [B, in]}
   * @param weights as in {@link #forward}
   * @param dy the gradient of the output, {@code [B, out]}
   */
  public LayerGradient backward(
      Ops tf, Operand<TFloat32> x, List<Operand<TFloat32>> weights, Operand<TFloat32> dy) {
    return new LayerGradient(
        tf.linalg.matMul(dy, weights.get(0), MatMul.transposeB(true)),
        List.of(tf.linalg.matMul(x, dy, MatMul.transposeA(true)), tf.nn.biasAddGrad(dy)));
  }
}
