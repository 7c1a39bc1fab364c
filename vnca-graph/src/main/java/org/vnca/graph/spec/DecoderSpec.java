package org.vnca.graph.spec;

import java.util.ArrayList;
import java.util.List;

/** The decoder p(x|z): how a latent vector becomes the parameters of the likelihood. */
public sealed interface DecoderSpec permits DecoderSpec.Doubling, DecoderSpec.Convolutional {

  /** Sides of the square images that the decoder can make, the largest first. */
  List<Integer> sides();

  /**
   * Whether the decoder is a cellular automaton: then a cell has as many channels as z, and the
   * likelihood reads the first of them.
   */
  boolean cellular();

  /** How many channels of a cell no step changes, so that the likelihood cannot read them. */
  default int constantChannels() {
    return 0;
  }

  /**
   * The doubling VNCA: z fills a 2 x 2 grid; M update steps; then K times a doubling of every cell
   * into a 2 x 2 block followed by M steps (paper, section 2.1, figure 2).
   *
   * @param doublings K; the image is {@code 2^(K+1)} pixels wide; 4 in the paper for MNIST
   * @param steps M, update steps before the first and after each doubling; 8 in the paper
   * @param update the update net, shared by all steps
   * @param netPerScale whether each of the K + 1 grids has an update net of its own, which the
   *     paper tried (A.8)
   */
  record Doubling(int doublings, int steps, UpdateSpec update, boolean netPerScale)
      implements DecoderSpec {
    /** The paper's decoder for MNIST. */
    public static final Doubling PAPER = of(4, 8, UpdateSpec.Residual.PAPER);

    public Doubling {
      requireDoublings(doublings);
      InvalidSetting.requireAtLeast("steps", steps, 1);
      InvalidSetting.requirePresent("update", update);
    }

    @Override
    public List<Integer> sides() {
      return List.of(2 << doublings);
    }

    @Override
    public boolean cellular() {
      return true;
    }

    @Override
    public int constantChannels() {
      return update.constantChannels();
    }

    /** A decoder of the paper's form: one net for all scales. */
    public static Doubling of(int doublings, int steps, UpdateSpec update) {
      return new Doubling(doublings, steps, update, false);
    }

    /** Update steps of one decoding: M (K + 1). */
    public int totalSteps() {
      return steps * (doublings + 1);
    }
  }

  /**
   * The deep convolutional baseline: a dense layer to a 2 x 2 map, K transposed convolutions that
   * double the side and halve the channels, each with ELU, and one to the likelihood's parameters,
   * which crops to the image (paper, A.1 and A.6).
   *
   * @param doublings K; the last hidden map is {@code 2^(K+1)} pixels wide; in the paper 4 for
   *     MNIST and 5 for CelebA
   * @param filters channels of the last hidden map; the 2 x 2 map has {@code 2^K} times as many; 32
   *     in the paper
   * @param kernel side of every kernel, odd; 5 in the paper
   * @param denseElu whether ELU follows the dense layer; in the paper only for CelebA (A.1)
   */
  record Convolutional(int doublings, int filters, int kernel, boolean denseElu)
      implements DecoderSpec {
    /** The paper's baseline for MNIST (A.6). */
    public static final Convolutional PAPER = new Convolutional(4, 32, 5, false);

    public Convolutional {
      requireDoublings(doublings);
      InvalidSetting.requireAtLeast("filters", filters, 1);
      if (kernel < 1 || kernel % 2 == 0) {
        throw new InvalidSetting("kernel", "must be odd and at least 1", kernel);
      }
      if ((long) filters << doublings > 1 << 20) {
        throw new InvalidSetting(
            "filters",
            "must be at most " + (1 << 20 >> doublings) + " with " + doublings + " doublings",
            filters,
            List.of("doublings"));
      }
    }

    /** The last hidden map's side, or less by what the last layer's padding can crop. */
    @Override
    public List<Integer> sides() {
      List<Integer> sides = new ArrayList<>();
      int full = 2 << doublings;
      for (int side = full; side > 0 && side > full - kernel; side -= 2) {
        sides.add(side);
      }
      return List.copyOf(sides);
    }

    @Override
    public boolean cellular() {
      return false;
    }
  }

  private static void requireDoublings(int doublings) {
    InvalidSetting.requireAtLeast("doublings", doublings, 0);
    if (doublings > 10) {
      throw new InvalidSetting("doublings", "must be at most 10 (2048 pixels)", doublings);
    }
  }
}
