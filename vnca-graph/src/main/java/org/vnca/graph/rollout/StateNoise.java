package org.vnca.graph.rollout;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.nn.ZeroChannels;

/**
 * Normal noise that is added to the states in every step.
 *
 * @param deviation the noise's standard deviation, above 0
 * @param changed how many channels of a cell get noise, the first ones
 * @param constant how many get none
 * @param draws what the random numbers are keyed by
 */
public record StateNoise(double deviation, int changed, int constant, StepDraws draws) {

  /** The noise for programs without TensorFlow. */
  DecoderDescription.Noise description() {
    return new DecoderDescription.Noise(deviation, changed);
  }

  /**
   * The states with noise.
   *
   * @param states {@code [B, H, W, C]}
   * @param t scalar int32, the step
   */
  Operand<TFloat32> added(Ops tf, Operand<TFloat32> states, Operand<TInt32> t) {
    Operand<TFloat32> drawn =
        tf.math.mul(
            draws.normal(tf, Stream.STATE_NOISE, states, changed, t),
            tf.constant((float) deviation));
    Operand<TFloat32> noise =
        constant == 0
            ? drawn
            : new ZeroChannels(changed, constant).forward(tf, drawn, Weights.NONE).float32(tf);
    return tf.math.add(states, noise);
  }
}
