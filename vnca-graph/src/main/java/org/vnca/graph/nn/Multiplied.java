package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The input times a factor that is not differentiated, such as a mask of damage. The factor is an
 * operand of one graph, so this layer belongs to that graph.
 *
 * @param factor of the input's shape, or 1 where it is the same for all
 */
public record Multiplied(Operand<TFloat32> factor) implements Layer {

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(tf.math.mul(Rounding.float32(tf, x), factor), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(tf.math.mul(dy, factor), Gradients.NONE);
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }
}
