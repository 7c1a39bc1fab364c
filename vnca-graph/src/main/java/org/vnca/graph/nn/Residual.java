package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * x + f(x).
 *
 * @param branch f, whose output has its input's shape
 */
public record Residual(Layer branch) implements Layer {

  /** x + f(x), f being layers one behind another. */
  public static Residual of(Layer... branch) {
    return new Residual(Sequence.of(branch));
  }

  @Override
  public List<Layer> parts() {
    return List.of(branch);
  }

  @Override
  public Residual withParts(List<Layer> parts) {
    return new Residual(parts.get(0));
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Forward f = branch.forward(tf, x, weights);
    return new Forward(
        tf.math.add(Rounding.float32(tf, x), f.float32(tf)), Saved.ofParts(List.of(f.saved())));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Backward f = branch.backward(tf, saved.parts().get(0), weights, dy);
    return new Backward(tf.math.add(dy, f.dx()), f.dWeights());
  }

  @Override
  public Description description() {
    return Description.of("residual", List.of(branch.description()));
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }

  @Override
  public long flops(MapShape input) {
    return branch.flops(input);
  }
}
