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
   * <p>Stored values of 0..255 are refused: of those its cross-entropy, which many programs print
   * for grey digits, is no log-probability, so that neither nats nor bits per dimension mean
   * anything.
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
      if (!input.binary()) {
        requireGreyOrRgb(input, "bernoulli");
        throw new InvalidSetting(
            "likelihood",
            "must be logistic-mixture for images of 0 to 255, of which bernoulli gives no"
                + " log-probability (or make them 0 and 1: data.binarize)",
            "bernoulli");
      }
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
      requireManyLevels(input, "logistic-mixture");
    }
  }

  /**
   * Normal variables of one width, rounded to 256 levels (Ho et al. 2020, eq. 13), for grey or RGB
   * images: a likelihood without learned widths. The smaller sigma, the more an error of the mean
   * counts beside the KL.
   *
   * @param sigma the standard deviation, where the image is 0 to 1; within 0.08 every level has a
   *     probability that 32 bits hold, whatever the mean
   */
  record DiscretizedGaussian(double sigma) implements LikelihoodSpec {
    /** A width of 25 levels. */
    public static final DiscretizedGaussian USUAL = new DiscretizedGaussian(0.1);

    public DiscretizedGaussian {
      if (!(sigma >= 0.08 && sigma <= 1)) {
        throw new InvalidSetting("sigma", "must be from 0.08 to 1", sigma);
      }
    }

    @Override
    public boolean binary() {
      return false;
    }

    @Override
    public int parameterChannels(int imageChannels) {
      return imageChannels;
    }

    @Override
    public void requireFits(InputSpec input) {
      requireManyLevels(input, "discretized-gaussian");
    }
  }

  private static void requireManyLevels(InputSpec input, String likelihood) {
    if (input.binary()) {
      throw new InvalidSetting(
          "likelihood",
          "must be bernoulli for images of 0 and 1, since the other 254 levels never occur",
          likelihood);
    }
    requireGreyOrRgb(input, likelihood);
  }

  /** Images of 0 to 255 with other channels suit no likelihood: neither may advise the other. */
  private static void requireGreyOrRgb(InputSpec input, String likelihood) {
    int channels = input.stored().channels();
    if (channels != 1 && channels != 3) {
      throw new InvalidSetting(
          "likelihood",
          "needs images that are grey, RGB, or of 0 and 1 alone, not of 0 to 255 and "
              + input.stored()
              + " (import them anew)",
          likelihood);
    }
  }
}
