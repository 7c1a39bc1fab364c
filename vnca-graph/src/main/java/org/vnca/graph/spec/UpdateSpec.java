package org.vnca.graph.spec;

import java.util.Optional;

/**
 * The update net u: what a cell adds to its state, from its 3 x 3 neighbourhood (eq. 1). A record;
 * jars may bring others.
 */
public interface UpdateSpec {
  /** Channels between the net's first and last layer. */
  int hidden();

  /** What the authors' program lacks of it; empty if it has all. */
  default Optional<String> missingInPytorch() {
    return Optional.of("an update net of " + getClass().getSimpleName());
  }

  /**
   * The number of its last layer among the modules of the authors' {@code Sequential}.
   *
   * @throws UnsupportedOperationException if their program has nothing like it
   */
  default int lastModuleInPytorch() {
    throw new UnsupportedOperationException(
        missingInPytorch().orElse("this update net") + " has no names in PyTorch");
  }

  /**
   * Channels of the widest map of a step.
   *
   * @param channels of a cell
   */
  default int widestChannels(int channels) {
    return Math.max(channels, hidden());
  }

  /** How many channels of a cell no step changes: the last ones. */
  default int constantChannels() {
    return 0;
  }

  /**
   * A 3x3 convolution, {@code blocks} residual blocks h + conv1x1(ELU(conv1x1(h))), and a 1x1
   * convolution to the cell state, whose weight and bias start at zero (paper, section 2.2). The
   * last three settings are variations that the paper tried (A.8).
   *
   * @param hidden channels of the hidden layers; 256 in the paper
   * @param blocks residual blocks; 4 in the paper
   * @param kernel side of the kernels of all layers but the first, odd; 1 in the paper; with 3 a
   *     cell sees further than its neighbours in one step
   * @param gate whether u is multiplied by sigmoid(b), b being one learned number that starts at 0
   * @param constantChannels how many channels of a cell, the last ones, keep the value that z gave
   *     them; 0 in the paper, half of the latent size in A.8
   */
  record Residual(int hidden, int blocks, int kernel, boolean gate, int constantChannels)
      implements UpdateSpec {
    /** The paper's net. */
    public static final Residual PAPER = of(256, 4);

    public Residual {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
      InvalidSetting.requireAtLeast("blocks", blocks, 0);
      if (kernel < 1 || kernel % 2 == 0) {
        throw new InvalidSetting("kernel", "must be odd and at least 1", kernel);
      }
      InvalidSetting.requireAtLeast("constantChannels", constantChannels, 0);
    }

    @Override
    public Optional<String> missingInPytorch() {
      return gate ? Optional.of("a gate of the update") : Optional.empty();
    }

    @Override
    public int lastModuleInPytorch() {
      return blocks + 1;
    }

    /** A net of the paper's form, without its variations. */
    public static Residual of(int hidden, int blocks) {
      return new Residual(hidden, blocks, 1, false, 0);
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

    @Override
    public Optional<String> missingInPytorch() {
      return Optional.empty();
    }

    @Override
    public int lastModuleInPytorch() {
      return 2;
    }
  }

  /**
   * A gated recurrent unit (Cho et al. 2014) whose input is the neighbourhood; the paper tried one
   * and does not say which (A.8). With h = ELU(conv3x3(z)), the gates w = sigmoid(conv1x1(h) - 3)
   * and r = sigmoid(conv1x1(h)), and the candidate c = conv1x1(h) + conv1x1(r z), a step is z + w
   * (c - z). The candidate has no tanh, since the likelihood's parameters do not end at 1; the 3
   * makes a cell keep most of its state at first.
   *
   * @param hidden channels of h
   */
  record Gru(int hidden) implements UpdateSpec {
    /** As wide as the paper's residual net. */
    public static final Gru PAPER = new Gru(256);

    public Gru {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
    }

    @Override
    public Optional<String> missingInPytorch() {
      return Optional.of("a gated recurrent unit");
    }

    /** The three gates are one map. */
    @Override
    public int widestChannels(int channels) {
      return Math.max(3 * channels, hidden);
    }
  }

  /**
   * Perception by filters that are not trained: the cell itself, Sobel's two gradients and the
   * Laplacian of each channel (Niklasson et al. 2021, self-organising textures); then a 1x1
   * convolution, ELU, and a 1x1 convolution without bias whose weight starts at zero. Where the
   * simple net has 9 Z weights for each hidden channel, this one has 4 Z.
   *
   * @param hidden channels of the hidden layer
   */
  record FixedPerception(int hidden) implements UpdateSpec {
    /** As wide as the paper's simple net. */
    public static final FixedPerception USUAL = new FixedPerception(128);

    public FixedPerception {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
    }

    @Override
    public Optional<String> missingInPytorch() {
      return Optional.of("a perception by fixed filters");
    }

    /** What is perceived. */
    @Override
    public int widestChannels(int channels) {
      return Math.max(4 * channels, hidden);
    }
  }
}
