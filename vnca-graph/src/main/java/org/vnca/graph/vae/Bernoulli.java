package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Independent binary values; channel c of the states is the logit of 1 of the image's channel c.
 */
final class Bernoulli implements Likelihood {
  private final int channels;

  Bernoulli(int channels) {
    this.channels = channels;
  }

  /** log p(x) = sum over pixels of x l - softplus(l), which neither overflows nor takes log 0. */
  @Override
  public Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
    Operand<TFloat32> logits = logits(tf, states);
    Operand<TFloat32> perPixel = tf.math.sub(tf.math.mul(x, logits), tf.math.softplus(logits));
    return tf.reduceSum(perPixel, tf.constant(new int[] {1, 2, 3}));
  }

  @Override
  public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states) {
    return tf.math.sigmoid(logits(tf, states));
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
