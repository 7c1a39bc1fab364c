package org.vnca.graph.spec;

/**
 * The distribution p(x|z) of an image, given the decoder's last map. A record; jars may bring
 * others.
 */
public interface LikelihoodSpec {

  /**
   * How many channels of the decoder's last map are parameters of the distribution.
   *
   * @param imageChannels channels of the image
   */
  int parameterChannels(int imageChannels);

  /** Whether its images are of 0 and 1 only. */
  boolean binary();

  /**
   * Refuses images that the distribution is not made for.
   *
   * @throws InvalidSetting if it is not
   */
  void requireFits(InputSpec input);

  /**
   * Every value is 0 or 1, independently; channel c is the logit of 1 of the image's channel c (the
   * paper says log p; the authors' program uses a logit).
   *
   * <p>Stored values of 0..255 are let through: they enter the model as 0..1, and the
   * log-probability becomes the cross-entropy that many programs use for grey digits, which is not
   * a log-probability of such data.
   */
  record Bernoulli() implements LikelihoodSpec {
    @Override
    public boolean binary() {
      return true;
    }

    @Override
    public int parameterChannels(int imageChannels) {
      return imageChannels;
    }

    @Override
    public void requireFits(InputSpec input) {
      InvalidSetting.requirePresent("input", input);
    }
  }

  /**
   * A discretized mixture of logistics over 256 levels (Salimans et al. 2017, section 2; paper,
   * sections 3.1 and A.8): grey or RGB, where green depends on red, and blue on both.
   *
   * @param components L, logistics in the mixture; 1 in the paper
   * @param meanSamples how many samples a mean image is the average of, as in the authors' program,
   *     which takes 100; 0 for the expectation itself, by numerical integration
   * @param clip whether means are held within 100 of 0 and log-scales within 7, as in the authors'
   *     run with beta 100; log-scales are at least -7 anyway
   */
  record LogisticMixture(int components, int meanSamples, boolean clip) implements LikelihoodSpec {
    /** The paper's distribution for CelebA and the emoji. */
    public static final LogisticMixture PAPER = new LogisticMixture(1, 100, false);

    public LogisticMixture {
      InvalidSetting.requireAtLeast("components", components, 1);
      InvalidSetting.requireAtLeast("meanSamples", meanSamples, 0);
    }

    @Override
    public boolean binary() {
      return false;
    }

    /** 10 L for RGB; 3 L for grey images, which have no coefficients between channels. */
    @Override
    public int parameterChannels(int imageChannels) {
      return imageChannels == 1 ? 3 * components : (1 + 3 * imageChannels) * components;
    }

    @Override
    public void requireFits(InputSpec input) {
      if (input.binary()) {
        throw new InvalidSetting(
            "likelihood",
            "must be bernoulli for images of 0 and 1, since the other 254 levels never occur",
            "logistic-mixture");
      }
      int channels = input.stored().channels();
      if (channels != 1 && channels != 3) {
        throw new InvalidSetting(
            "likelihood",
            "must be bernoulli for images that are neither grey nor RGB, such as these of "
                + input.stored(),
            "logistic-mixture");
      }
    }
  }
}
