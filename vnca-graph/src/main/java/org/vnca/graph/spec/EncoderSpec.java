package org.vnca.graph.spec;

/**
 * The encoder q(z|x): five convolutions with ELU, strides 1, 2, 2, 2, 2, widths doubling from
 * {@code filters}, then a dense layer to twice the latent size (paper, section 2.2 and A.5).
 *
 * @param filters channels of the first convolution; 32 in the paper
 * @param kernel side of every convolution's kernel, odd; 5 in the paper
 * @param centered whether it sees pixels from -1 to 1 in place of 0 to 1; the paper does not say;
 *     the authors' doubling runs on CelebA do
 */
public record EncoderSpec(int filters, int kernel, boolean centered) {
  /** Convolutions of the encoder. */
  public static final int LAYERS = 5;

  /** The paper's encoder. */
  public static final EncoderSpec PAPER = new EncoderSpec(32, 5);

  /** An encoder that sees pixels from 0 to 1. */
  public EncoderSpec(int filters, int kernel) {
    this(filters, kernel, false);
  }

  public EncoderSpec {
    InvalidSetting.requireAtLeast("filters", filters, 1);
    if (kernel < 1 || kernel % 2 == 0) {
      throw new InvalidSetting("kernel", "must be odd and at least 1", kernel);
    }
  }
}
