package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * x + b, a number for each channel, in float32 in any precision: sums of a rounded bias's gradient
 * would be off by half.
 *
 * @param name prefix of the parameter's name, {@code name/bias}
 * @param channels of the map
 * @param initial first value
 */
public record Bias(String name, int channels, Initial initial) implements Layer {

  private String bias() {
    return name + "/bias";
  }

  /** Bias, {@code [channels]}. */
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(new ParameterSpec(bias(), Shape.of(channels), initial));
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(
        tf.nn.biasAdd(Rounding.float32(tf, x), weights.value(bias())), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(dy, Gradients.of(bias(), tf.nn.biasAddGrad(dy)));
  }

  @Override
  public Description description() {
    return Description.of("bias").with("channels", channels).with("bias", bias());
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }
}
