package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/** The input itself: a perception of nothing but the cell, or a branch of a combination. */
public record Identity() implements Layer {
  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(x, Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(dy, Gradients.NONE);
  }

  @Override
  public Description description() {
    return Description.of("identity");
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }
}
