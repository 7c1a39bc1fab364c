package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.Description;

/**
 * sigmoid(b) f(x), b being one learned number that starts at 0 (paper, A.8).
 *
 * @param name the parameter's name
 * @param gated f, whose output is a map
 */
public record Gate(String name, Layer gated) implements Layer {

  @Override
  public List<Layer> parts() {
    return List.of(gated);
  }

  @Override
  public Gate withParts(List<Layer> parts) {
    return new Gate(name, parts.get(0));
  }

  /** Those of f, then b, a scalar. */
  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>(gated.parameters());
    all.add(new ParameterSpec(name, Shape.scalar(), new Initial.Zero()));
    return List.copyOf(all);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Forward f = gated.forward(tf, x, weights);
    Operand<TFloat32> y = f.float32(tf);
    return new Forward(
        tf.math.mul(opening(tf, weights), y), new Saved(List.of(y), List.of(f.saved())));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<TFloat32> opening = opening(tf, weights);
    Operand<TFloat32> y = Loop.typed(saved.own().get(0));
    Backward f = gated.backward(tf, saved.parts().get(0), weights, tf.math.mul(opening, dy));
    Operand<TInt32> axes = tf.constant(new int[] {0, 1, 2, 3});
    Operand<TFloat32> dOpening = tf.reduceSum(tf.math.mul(y, dy), axes);
    Gradients db = Gradients.of(name, tf.math.sigmoidGrad(opening, dOpening));
    return new Backward(f.dx(), f.dWeights().plus(tf, db));
  }

  private Operand<TFloat32> opening(Ops tf, Weights weights) {
    return tf.math.sigmoid(weights.value(name));
  }

  @Override
  public Description description() {
    return Description.of("gate", List.of(gated.description())).with("weight", name);
  }

  @Override
  public MapShape output(MapShape input) {
    return gated.output(input);
  }

  @Override
  public long flops(MapShape input) {
    return gated.flops(input);
  }
}
