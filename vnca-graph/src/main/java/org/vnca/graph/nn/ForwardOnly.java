package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphAccess;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A layer that says how its output is computed, and no more: TensorFlow composes its gradient, from
 * a second computation of the output in the backward pass, in a loop's body too. So it costs a
 * forward pass more than a layer with a gradient of its own, whatever the memory policy.
 *
 * <p>Such a layer may use any operation that {@code Graph.addGradients} can differentiate (in
 * TensorFlow Java 1.1.0 all of C++'s gradients; a convolution must pad {@code SAME} or {@code
 * VALID}, since {@code addGradients} drops explicit padding). It must not draw at random, since the
 * second computation must give the first one's numbers, and every parameter and the input must have
 * a part in the output.
 */
public interface ForwardOnly extends Layer {

  /**
   * The output.
   *
   * @param x the input, {@code [B, H, W, C]} float32
   * @param weights the values of {@link #parameters}, float32
   * @return float32
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Weights weights);

  @Override
  default Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<TFloat32> input = Rounding.float32(tf, x);
    return new Forward(apply(tf, input, weights), Saved.of(input));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The second computation waits for the gradient that it is made for: the iterations of a loop
   * run ahead.
   *
   * @throws IllegalArgumentException if a convolution pads explicitly
   * @throws IllegalStateException if the input or a parameter has no part in the output
   */
  @Override
  default Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Graph graph = (Graph) tf.scope().env();
    List<Operand<TFloat32>> by = new ArrayList<>();
    // An operand that a loop hands in is nothing that could be waited for.
    Operand<TFloat32> here = tf.identity(dy);
    by.add(
        tf.withControlDependencies(List.of(here))
            .identity(Loop.<TFloat32>typed(saved.own().get(0))));
    List<ParameterSpec> parameters = parameters();
    parameters.forEach(parameter -> by.add(weights.value(parameter.name())));
    // TensorFlow follows what it differentiates by to where it comes from, out of the loop, too.
    List<Operand<TFloat32>> cut = new ArrayList<>();
    by.forEach(operand -> cut.add(tf.placeholder(TFloat32.class)));
    Weights values = weights;
    for (int i = 0; i < parameters.size(); i++) {
      values = values.and(Weights.of(parameters.get(i).name(), cut.get(i + 1)));
    }
    long before = GraphAccess.end(graph);
    Operand<TFloat32> y = apply(tf, cut.get(0), values);
    requireDifferentiable(GraphAccess.operations(graph, before));
    Iterator<Operand<TFloat32>> found =
        AutomaticGradients.of(tf, "gradient", List.of(y), cut, List.of(here)).iterator();
    for (int i = 0; i < cut.size(); i++) {
      GraphAccess.replace(graph, cut.get(i).asOutput(), by.get(i).asOutput());
    }
    Operand<TFloat32> dx = found.next();
    Gradients gradients = Gradients.NONE;
    for (ParameterSpec parameter : parameters) {
      gradients = gradients.plus(tf, Gradients.of(parameter.name(), found.next()));
    }
    return new Backward(dx, gradients);
  }

  private void requireDifferentiable(List<GraphAccess.Made> made) {
    for (GraphAccess.Made each : made) {
      GraphOperation operation = each.operation();
      if (operation.type().equals("Conv2D")
          && operation.attributes().getAttrString("padding").equals("EXPLICIT")) {
        throw new IllegalArgumentException(
            getClass().getSimpleName()
                + " has a convolution with explicit padding, whose gradient TensorFlow Java loses;"
                + " pad its input by tf.pad and let it pad VALID");
      }
    }
  }
}
