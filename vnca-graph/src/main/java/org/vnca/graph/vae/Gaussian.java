package org.vnca.graph.vae;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.Posterior;

/**
 * The posterior q(z|x) = N(mean, sigma^2), one for each image.
 *
 * @param mean {@code [B, Z]} float32
 * @param logSigma {@code [B, Z]} float32, natural logarithm of the standard deviation
 */
public record Gaussian(Operand<TFloat32> mean, Operand<TFloat32> logSigma) {

  /**
   * Reads the encoder's output.
   *
   * @param encoded {@code [B, 2 Z]}: the mean, then the spread
   * @param posterior what the spread means
   */
  public static Gaussian of(Ops tf, Operand<TFloat32> encoded, Posterior posterior) {
    List<org.tensorflow.Output<TFloat32>> halves = tf.split(tf.constant(1), encoded, 2L).output();
    Operand<TFloat32> spread = halves.get(1);
    return new Gaussian(
        halves.get(0),
        switch (posterior) {
          case LOG_VARIANCE -> tf.math.mul(spread, tf.constant(0.5f));
          case LOG_SIGMA -> spread;
        });
  }

  /**
   * The posterior of each of several samples: that of its image.
   *
   * @param samples S, scalar
   * @param latent Z
   * @return {@code [B S, Z]}, those of an image one behind the other
   */
  public Gaussian repeated(Ops tf, Operand<TInt32> samples, int latent) {
    return new Gaussian(
        SampleRows.repeated(tf, mean, samples, latent),
        SampleRows.repeated(tf, logSigma, samples, latent));
  }

  /** The standard deviation, {@code [B, Z]}. */
  public Operand<TFloat32> sigma(Ops tf) {
    return tf.math.exp(logSigma);
  }

  /**
   * A sample by the reparameterization trick.
   *
   * @param noise standard normal, {@code [B, Z]}
   * @return {@code [B, Z]}: mean + sigma noise
   */
  public Operand<TFloat32> sample(Ops tf, Operand<TFloat32> noise) {
    return tf.math.add(mean, tf.math.mul(sigma(tf), noise));
  }

  /**
   * KL(q || N(0, I)) in nats for each dimension, closed form (Kingma &amp; Welling 2013, appendix
   * B): (mean^2 + sigma^2 - 1 - 2 ln sigma) / 2.
   *
   * @return {@code [B, Z]}, at least 0
   */
  public Operand<TFloat32> klPerDimension(Ops tf) {
    Operand<TFloat32> squares = tf.math.add(tf.math.square(mean), tf.math.square(sigma(tf)));
    Operand<TFloat32> logVariance = tf.math.mul(logSigma, tf.constant(2f));
    return tf.math.mul(
        tf.math.sub(tf.math.sub(squares, tf.constant(1f)), logVariance), tf.constant(0.5f));
  }

  /** KL(q || N(0, I)) in nats for each image, {@code [B]}. */
  public Operand<TFloat32> kl(Ops tf) {
    return tf.reduceSum(klPerDimension(tf), tf.constant(1));
  }

  /**
   * The KL term with free bits (Kingma et al. 2016, appendix C): a dimension that carries less than
   * so many nats, on average over the batch, costs as if it carried them, and is not pushed further
   * down.
   *
   * @param free nats of each dimension
   * @return scalar, nats per image
   */
  public Operand<TFloat32> klWithFreeBits(Ops tf, double free) {
    Operand<TFloat32> ofDimension = tf.math.mean(klPerDimension(tf), tf.constant(0));
    return tf.reduceSum(tf.math.maximum(ofDimension, tf.constant((float) free)), tf.constant(0));
  }

  /**
   * log p(z) - log q(z|x) of a sample, p being N(0, I): the noise has the density of q up to sigma.
   *
   * @param noise from which z was made, {@code [B, Z]}
   * @param z {@code [B, Z]}
   * @return {@code [B]}, nats
   */
  public Operand<TFloat32> logPriorRatio(Ops tf, Operand<TFloat32> noise, Operand<TFloat32> z) {
    Operand<TFloat32> halfSquares =
        tf.math.mul(tf.math.sub(tf.math.square(noise), tf.math.square(z)), tf.constant(0.5f));
    return tf.reduceSum(tf.math.add(halfSquares, logSigma), tf.constant(1));
  }
}
