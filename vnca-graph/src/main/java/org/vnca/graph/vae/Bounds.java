package org.vnca.graph.vae;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

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
   * @param beta scalar, 1 for the bound proper
   * @return {@code [B]} float32
   */
  public static Operand<TFloat32> elbo(
      Ops tf, Operand<TFloat32> logLikelihood, Operand<TFloat32> kl, Operand<TFloat32> beta) {
    return tf.math.sub(logLikelihood, tf.math.mul(kl, beta));
  }

  /**
   * The importance-weighted bound, one value per image: the logarithm of the mean of its weights
   * (Burda et al. 2016).
   *
   * @param logWeights log p(x|z) + log p(z) - log q(z|x) of each sample, nats, {@code [B k]}, those
   *     of an image one behind the other
   * @param samples k
   * @return {@code [B]} float32, nats
   */
  public static Operand<TFloat32> iwae(Ops tf, Operand<TFloat32> logWeights, int samples) {
    Operand<TFloat32> perImage = tf.reshape(logWeights, tf.constant(new int[] {-1, samples}));
    Operand<TFloat32> sums =
        FrameworkOps.create(tf).math.reduceLogSumExp(perImage, new int[] {1}, true);
    return tf.math.sub(
        tf.squeeze(sums, Squeeze.axis(List.of(1L))), tf.constant((float) Math.log(samples)));
  }
}
