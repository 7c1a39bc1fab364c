package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
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
}
