package org.vnca.graph.vae;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Lower bounds on log p(x), in nats per image; higher is better. */
public final class Bounds {
  private Bounds() {}

  /**
   * The evidence lower bound with the Kullback-Leibler term weighted by beta (paper, section 2;
   * Higgins et al. 2016), one value per image.
   *
   * @param logLikelihood log p(x|z), averaged over the samples of z if there are several, {@code
   *     [B]}
   * @param kl KL(q(z|x) || p(z)), {@code [B]}
   * @param beta 1 for the bound proper
   * @return {@code [B]} float32
   */
  public static Operand<TFloat32> elbo(
      Ops tf, Operand<TFloat32> logLikelihood, Operand<TFloat32> kl, double beta) {
    return tf.math.sub(logLikelihood, tf.math.mul(kl, tf.constant((float) beta)));
  }

  /**
   * Importance-weighted bound on log p(x), one value per image (Burda et al. 2015; paper, section
   * 3).
   *
   * @param logWeights {@code [B, n]} float32, nats: log p(x|z) + log p(z) - log q(z|x)
   * @return {@code [B]} float32, nats; averaged over the n samples in probability space
   * @throws IllegalArgumentException if {@code logWeights} is not of rank 2
   */
  public static Operand<TFloat32> iwae(Ops tf, Operand<TFloat32> logWeights) {
    if (logWeights.shape().numDimensions() != 2) {
      throw new IllegalArgumentException(
          "log-weights need the shape [B, n], but have " + logWeights.shape());
    }
    Operand<TInt32> samples = tf.constant(1);
    Operand<TFloat32> most =
        tf.stopGradient(tf.reduceMax(logWeights, samples, ReduceMax.keepDims(true)));
    Operand<TFloat32> sum =
        tf.reduceSum(tf.math.exp(tf.math.sub(logWeights, most)), samples, ReduceSum.keepDims(true));
    Operand<TInt32> n = tf.shape.size(logWeights, samples);
    Operand<TFloat32> logN = tf.math.log(tf.dtypes.cast(n, TFloat32.class));
    Operand<TFloat32> kept = tf.math.add(most, tf.math.log(sum));
    return tf.math.sub(tf.squeeze(kept, Squeeze.axis(List.of(1L))), logN);
  }
}
