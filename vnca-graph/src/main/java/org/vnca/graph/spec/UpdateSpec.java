package org.vnca.graph.spec;

/** The update net u: what a cell adds to its state, from its 3 x 3 neighbourhood (eq. 1). */
public sealed interface UpdateSpec {
  /** Channels between the net's first and last layer. */
  int hidden();

  /**
   * A 3x3 convolution, {@code blocks} residual blocks h + conv1x1(ELU(conv1x1(h))), and a 1x1
   * convolution to the cell state, whose weight and bias start at zero (paper, section 2.2).
   *
   * @param hidden channels of the hidden layers; 256 in the paper
   * @param blocks residual blocks; 4 in the paper
   */
  record Residual(int hidden, int blocks) implements UpdateSpec {
    /** The paper's net. */
    public static final Residual PAPER = new Residual(256, 4);

    public Residual {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
      InvalidSetting.requireAtLeast("blocks", blocks, 0);
    }
  }

  /**
   * A 3x3 convolution, ELU, and a 1x1 convolution without bias whose weight starts at zero (paper,
   * section 3.3, MNIST).
   *
   * @param hidden channels of the hidden layer; 128 in the paper
   */
  record Simple(int hidden) implements UpdateSpec {
    /** The paper's net for the damage experiment on MNIST. */
    public static final Simple PAPER = new Simple(128);

    public Simple {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
    }
  }
}
