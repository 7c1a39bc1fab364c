package org.vnca.graph.spec;

/** What the second half of the encoder's output means: the spread of q(z|x). */
public enum Posterior {
  /** sigma = exp(s / 2), as the paper says. */
  LOG_VARIANCE,
  /** sigma = exp(s), as the authors' VNCA program reads the same numbers. */
  LOG_SIGMA
}
