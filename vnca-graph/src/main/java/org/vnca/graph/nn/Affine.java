package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * scale x + shift, of each value, with numbers that are not trained.
 *
 * @param scale factor
 * @param shift what is added
 */
public record Affine(double scale, double shift) implements Layer {

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<TFloat32> scaled = scaled(tf, Rounding.float32(tf, x));
    return new Forward(
        shift == 0 ? scaled : tf.math.add(scaled, tf.constant((float) shift)), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(scaled(tf, dy), Gradients.NONE);
  }

  private Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> x) {
    return scale == 1 ? x : tf.math.mul(x, tf.constant((float) scale));
  }

  @Override
  public Description description() {
    return Description.of("affine").with("scale", scale).with("shift", shift);
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }
}
