package org.vnca.train.measure;

import java.util.List;

/**
 * The values of one image, in nats; log-likelihoods, so higher is better.
 *
 * @param image its index in the split
 * @param bounds importance-weighted bounds on log p(x), one for each number of samples, ascending
 * @param reconstructionNats log p(x|z), averaged over all samples of z
 * @param klNats KL(q(z|x) || p(z)), at least 0, closed form
 */
public record ImageBound(int image, List<Double> bounds, double reconstructionNats, double klNats) {
  public ImageBound {
    bounds = List.copyOf(bounds);
  }

  /** The bound of the most samples. */
  public double nats() {
    return bounds.get(bounds.size() - 1);
  }

  /** Evidence lower bound: reconstruction - KL. */
  public double elboNats() {
    return reconstructionNats - klNats;
  }
}
