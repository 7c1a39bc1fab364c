package org.vnca.graph.spec;

/** The distribution p(x|z) of an image, given the last cell states. */
public sealed interface LikelihoodSpec {

  /** How many channels of the cell state are parameters of the distribution. */
  int parameterChannels();

  /**
   * Every pixel is 0 or 1, independently; channel 0 of the cell state is the logit of 1 (the paper
   * says log p; the authors' program uses a logit).
   */
  record Bernoulli() implements LikelihoodSpec {
    @Override
    public int parameterChannels() {
      return 1;
    }
  }
}
