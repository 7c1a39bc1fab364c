package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * Independent binary values; channel c of the states is the logit of 1 of the image's channel c.
 */
final class Bernoulli implements Likelihood {
  private final int channels;

  Bernoulli(int channels) {
    this.channels = channels;
  }

  /**
   * The negative cross-entropy, summed over pixels. TensorFlow's framework has it as max(l, 0) - x
   * l + log1p(exp(-|l|)), which keeps the small losses of pixels that are right; x l - softplus(l)
   * is shorter, but loses them to cancellation: 0 in place of -2e-9 at l = 20, x = 1.
   */
  @Override
  public Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
    // What a loop leaves has no rank that is known, and the framework compares ranks.
    Operand<TFloat32> logits = tf.reshape(logits(tf, states), tf.shape(x));
    Operand<TFloat32> loss = FrameworkOps.create(tf).nn.sigmoidCrossEntropyWithLogits(x, logits);
    return tf.math.neg(tf.reduceSum(loss, tf.constant(new int[] {1, 2, 3})));
  }

  @Override
  public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states) {
    return tf.math.sigmoid(logits(tf, states));
  }

  @Override
  public Description description() {
    return Description.of("bernoulli").with("channels", channels);
  }

  @Override
  public int draws() {
    return channels;
  }

  @Override
  public Operand<TFloat32> sample(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform) {
    return tf.dtypes.cast(tf.math.less(uniform, mean(tf, states)), TFloat32.class);
  }

  private Operand<TFloat32> logits(Ops tf, Operand<TFloat32> states) {
    return tf.stridedSlice(states, Indices.ellipsis(), Indices.sliceTo(channels));
  }
}
