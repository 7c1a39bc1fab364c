package org.vnca.graph.spec;

/** The decoder p(x|z): how a latent vector becomes the parameters of the likelihood. */
public sealed interface DecoderSpec {

  /** Side of the square image that the decoder produces. */
  int size();

  /**
   * The doubling VNCA: z fills a 2 x 2 grid; M update steps; then K times a doubling of every cell
   * into a 2 x 2 block followed by M steps (paper, section 2.1, figure 2).
   *
   * @param doublings K; the image is {@code 2^(K+1)} pixels wide; 4 in the paper for MNIST
   * @param steps M, update steps before the first and after each doubling; 8 in the paper
   * @param update the update net, shared by all steps
   */
  record Doubling(int doublings, int steps, UpdateSpec update) implements DecoderSpec {
    /** The paper's decoder for MNIST. */
    public static final Doubling PAPER = new Doubling(4, 8, UpdateSpec.Residual.PAPER);

    public Doubling {
      InvalidSetting.requireAtLeast("doublings", doublings, 0);
      if (doublings > 10) {
        throw new InvalidSetting("doublings", "must be at most 10 (2048 pixels)", doublings);
      }
      InvalidSetting.requireAtLeast("steps", steps, 1);
      InvalidSetting.requirePresent("update", update);
    }

    @Override
    public int size() {
      return 2 << doublings;
    }

    /** Update steps of one decoding: M (K + 1). */
    public int totalSteps() {
      return steps * (doublings + 1);
    }
  }
}
