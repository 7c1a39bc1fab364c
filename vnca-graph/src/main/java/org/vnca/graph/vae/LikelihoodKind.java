package org.vnca.graph.vae;

import org.vnca.base.kind.Kinds;
import org.vnca.graph.spec.LikelihoodSpec;

/**
 * One kind of likelihood: what a descriptor calls it, its settings, and how it is made. A jar
 * brings another one by naming its class in {@code
 * META-INF/services/org.vnca.graph.vae.LikelihoodKind}.
 */
public interface LikelihoodKind extends Kinds.Kind {

  /**
   * Makes the distribution.
   *
   * @param settings of the class of {@link #defaults}
   * @param imageChannels channels of the images
   * @param seed from which draws follow that are not handed in
   */
  Likelihood make(LikelihoodSpec settings, int imageChannels, long seed);
}
