package org.vnca.graph.spec;

import java.util.List;

/**
 * The bound on log p(x) that training raises, by k latent vectors of each image, drawn from its
 * posterior.
 */
public enum Objective {
  /** The evidence lower bound: the mean of the bounds of the k, with the KL in closed form. */
  ELBO,
  /**
   * The importance-weighted bound: the logarithm of the mean of the k weights p(x|z) p(z) / q(z|x)
   * (Burda et al. 2016), whose gradient weighs each decoding by its share of that mean.
   */
  IWAE;

  /**
   * Refuses what does not go with this bound.
   *
   * @param samples k
   * @throws InvalidSetting names {@code samples}, {@code objective} or {@code freeBits}
   */
  public void requireFits(int samples, PoolSpec pool, double freeBits) {
    InvalidSetting.requireAtLeast("samples", samples, 1);
    if (samples > 1 && pool.present()) {
      throw new InvalidSetting(
          "samples",
          "must be 1 with a pool: an image that goes on from a state has no latent vectors to decode",
          samples,
          List.of("pool.size"));
    }
    if (this == IWAE && pool.present()) {
      throw new InvalidSetting(
          "objective",
          "must be elbo with a pool: an image that goes on from a state has no latent vector to weigh",
          "iwae",
          List.of("pool.size"));
    }
    if (this == IWAE && freeBits > 0) {
      throw new InvalidSetting(
          "freeBits",
          "must be 0 with objective iwae: its loss has no KL of each dimension to leave alone",
          freeBits,
          List.of("objective"));
    }
  }
}
