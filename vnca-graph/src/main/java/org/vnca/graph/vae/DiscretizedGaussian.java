package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.spec.LikelihoodSpec;

/**
 * Independent values of 256 levels, each a normal variable of one width for all, rounded to the
 * nearest level (Ho et al. 2020, eq. 13); the sigmoid of the states' channel c is the mean of the
 * image's channel c. What lies beyond 0 and 1 counts as those.
 *
 * <p>A level's probability is the difference of two upper tails Q(a - h) - Q(a + h), with a the
 * distance to the mean and h half a level, both in widths: the tails on the mean's other side would
 * cancel. At 0 and 1 the second one is left out.
 */
final class DiscretizedGaussian implements Likelihood {
  private static final float LEVELS = 255f;
  private static final float HALF = 0.5f / LEVELS;

  private final int channels;
  private final float sigma;

  DiscretizedGaussian(LikelihoodSpec.DiscretizedGaussian spec, int channels) {
    this.channels = channels;
    this.sigma = (float) spec.sigma();
  }

  @Override
  public Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
    Operand<TFloat32> distance = tf.math.abs(tf.math.sub(x, parameter(tf, states)));
    Operand<TFloat32> nearer = upper(tf, tf.math.sub(distance, tf.constant(HALF)));
    Operand<TFloat32> farther = upper(tf, tf.math.add(distance, tf.constant(HALF)));
    Operand<TBool> inside =
        tf.math.logicalAnd(
            tf.math.greater(x, tf.constant(HALF)), tf.math.less(x, tf.constant(1 - HALF)));
    Operand<TFloat32> probability =
        tf.math.sub(nearer, tf.math.mul(tf.dtypes.cast(inside, TFloat32.class), farther));
    return tf.reduceSum(tf.math.log(probability), tf.constant(new int[] {1, 2, 3}));
  }

  /**
   * The probability that a normal variable exceeds its mean by a distance. TensorFlow's C++ has no
   * gradient of erfc, so the value is taken as it is and the slope, the density, is put beside it,
   * on a term that is zero.
   */
  private Operand<TFloat32> upper(Ops tf, Operand<TFloat32> distance) {
    Operand<TFloat32> widths = tf.math.div(distance, tf.constant(sigma));
    Operand<TFloat32> value =
        tf.math.mul(
            tf.constant(0.5f),
            tf.math.erfc(tf.math.mul(widths, tf.constant((float) Math.sqrt(0.5)))));
    Operand<TFloat32> zero = tf.math.sub(distance, tf.stopGradient(distance));
    Operand<TFloat32> slope = tf.math.div(density(tf, widths), tf.constant(sigma));
    return tf.math.sub(tf.stopGradient(value), tf.math.mul(zero, tf.stopGradient(slope)));
  }

  /** Of the standard normal distribution. */
  private static Operand<TFloat32> density(Ops tf, Operand<TFloat32> widths) {
    return tf.math.mul(
        tf.constant((float) (1 / Math.sqrt(2 * Math.PI))),
        tf.math.exp(tf.math.mul(tf.constant(-0.5f), tf.math.square(widths))));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The integral from 0 to 1 of the probability to exceed y, in closed form: what lies beyond 0
   * and 1 pulls the mean inwards. It differs from the sum over the levels by less than 1e-5.
   */
  @Override
  public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states) {
    Operand<TFloat32> mean = parameter(tf, states);
    Operand<TFloat32> below = tf.math.neg(mean);
    Operand<TFloat32> above = tf.math.sub(tf.constant(1f), mean);
    return tf.clipByValue(
        tf.math.sub(integral(tf, above), integral(tf, below)), tf.constant(0f), tf.constant(1f));
  }

  /** Of the upper tail: y Q(y) - sigma phi(y / sigma). */
  private Operand<TFloat32> integral(Ops tf, Operand<TFloat32> y) {
    Operand<TFloat32> density = density(tf, tf.math.div(y, tf.constant(sigma)));
    return tf.math.sub(
        tf.math.mul(y, upper(tf, y)), tf.math.mul(tf.constant(sigma), density));
  }

  @Override
  public Description description() {
    return Description.of("discretized-gaussian").with("channels", channels).with("sigma", sigma);
  }

  @Override
  public int draws() {
    return channels;
  }

  @Override
  public Operand<TFloat32> sample(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform) {
    Operand<TFloat32> drawn =
        tf.math.add(parameter(tf, states), tf.math.mul(tf.constant(sigma), tf.math.ndtri(uniform)));
    Operand<TFloat32> within = tf.clipByValue(drawn, tf.constant(0f), tf.constant(1f));
    return tf.math.div(
        tf.math.round(tf.math.mul(within, tf.constant(LEVELS))), tf.constant(LEVELS));
  }

  private Operand<TFloat32> parameter(Ops tf, Operand<TFloat32> states) {
    return tf.math.sigmoid(tf.stridedSlice(states, Indices.ellipsis(), Indices.sliceTo(channels)));
  }
}
