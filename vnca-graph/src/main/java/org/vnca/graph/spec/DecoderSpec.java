package org.vnca.graph.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The decoder p(x|z): how a latent vector becomes the parameters of the likelihood. */
public sealed interface DecoderSpec
    permits DecoderSpec.Doubling, DecoderSpec.NonDoubling, DecoderSpec.Convolutional {

  /** The largest side of a grid, that of ten doublings. */
  int LARGEST = 2048;

  /** What the authors' program lacks where cells have other channels than z has numbers. */
  String MAP = "a map from z to the channels of a cell";

  /** The name of the kind, as descriptors write it. */
  default String type() {
    return InvalidSetting.kebab(getClass().getSimpleName());
  }

  /** The update net, or that of each scale; empty if it is no automaton. */
  default Optional<UpdateSpec> updateNet() {
    return Optional.empty();
  }

  /** Update steps of one whole decoding outside of training; 0 if it is no automaton. */
  int decodingSteps();

  /** The same decoder whose training steps all take as many update steps as a decoding does. */
  default DecoderSpec withFixedSteps() {
    return this;
  }

  /**
   * The same decoder with more steps on its last grid when it measures and draws.
   *
   * @param steps how many more, at least 0
   * @throws InvalidSetting if it has no such steps, or too many
   */
  DecoderSpec further(int steps);

  /** Whether training can go on from a pool of its last states. */
  default boolean takesPool() {
    return false;
  }

  /**
   * Those of the {@link #decodingSteps} that follow growth on the last grid; 0 if there are none.
   */
  default int settlingSteps() {
    return 0;
  }

  /** What the authors' program lacks of it; empty if it has all. */
  default Optional<String> missingInPytorch() {
    return Optional.empty();
  }

  /**
   * What the authors' program would leave out when it decodes with the same weights, as a
   * descriptor writes it; empty if it decodes alike.
   */
  default List<String> leftOutInPytorch() {
    return List.of();
  }

  /**
   * Whether the authors' program wraps its update net in {@code DataParallel}, so that the names of
   * the weights have a {@code module.} in them.
   */
  default boolean parallelInPytorch() {
    return false;
  }

  /** Sides of the square images that the decoder can make, the largest first; empty for any. */
  List<Integer> sides();

  /** Whether the decoder can make images of this side. */
  default boolean makes(int side) {
    return sides().isEmpty() || sides().contains(side);
  }

  /**
   * The same decoder on a grid of another size, with the same parameters: what it would make if it
   * went on growing, or had more room.
   *
   * @param side of the images
   * @throws InvalidSetting if it cannot make them
   */
  DecoderSpec grown(int side);

  /**
   * Whether the decoder is a cellular automaton: then the likelihood reads the first channels of a
   * cell.
   */
  boolean cellular();

  /**
   * Channels of the widest hidden map that has as many pixels as the image.
   *
   * @param latent numbers of z
   */
  int widestChannels(int latent);

  /**
   * Channels of a cell: as many as z has numbers, unless the settings say another number.
   *
   * @param latent numbers of z
   */
  default int cellChannels(int latent) {
    return latent;
  }

  /** How many channels of a cell no step changes, so that the likelihood cannot read them. */
  default int constantChannels() {
    return 0;
  }

  /**
   * The doubling VNCA: z fills a 2 x 2 grid; M update steps; then K times a doubling of every cell
   * into a 2 x 2 block followed by M steps (paper, section 2.1, figure 2). It may settle: S further
   * steps on the last grid.
   *
   * @param doublings K; the image is {@code 2^(K+1)} pixels wide; 4 in the paper for MNIST
   * @param steps M, update steps before the first and after each doubling; 8 in the paper
   * @param update the update net, shared by all steps
   * @param netPerScale whether each of the K + 1 grids has an update net of its own, which the
   *     paper tried (A.8)
   * @param updateProbability with which each cell takes part in a step, independently of the
   *     others; 1 in the paper
   * @param noise standard deviation of the normal noise that every step adds to the channels of
   *     every cell that are not constant; 0 in the paper
   * @param settle how many steps follow the growth, with the net of the last grid; none in the
   *     paper
   * @param channels of a cell; the first state is then a learned affine map of z; 0 for as many as
   *     z has numbers, z itself being the first state, as in the paper
   * @param bound B: each step ends with B tanh(z / B), of the channels that are not constant, so
   *     that no state can explode; 0 for none, as in the paper
   */
  record Doubling(
      int doublings,
      int steps,
      UpdateSpec update,
      boolean netPerScale,
      double updateProbability,
      double noise,
      Settle settle,
      int channels,
      double bound)
      implements DecoderSpec {
    /** The paper's decoder for MNIST. */
    public static final Doubling PAPER = of(4, 8, UpdateSpec.Residual.PAPER);

    public Doubling {
      requireDoublings(doublings);
      InvalidSetting.requireAtLeast("steps", steps, 1);
      if (steps > StepRange.LIMIT) {
        throw new InvalidSetting("steps", "must be at most " + StepRange.LIMIT, steps);
      }
      InvalidSetting.requirePresent("update", update);
      requireRandom(updateProbability, noise);
      InvalidSetting.requirePresent("settle", settle);
      InvalidSetting.requireAtLeast("channels", channels, 0);
      InvalidSetting.requireNotNegative("bound", bound);
    }

    /** A decoder that does not settle. */
    public Doubling(
        int doublings,
        int steps,
        UpdateSpec update,
        boolean netPerScale,
        double updateProbability,
        double noise) {
      this(doublings, steps, update, netPerScale, updateProbability, noise, Settle.NONE, 0, 0);
    }

    /** A decoder whose steps are not random, and that does not settle. */
    public Doubling(int doublings, int steps, UpdateSpec update, boolean netPerScale) {
      this(doublings, steps, update, netPerScale, 1, 0);
    }

    /** The same that settles, or settles otherwise. */
    public Doubling with(Settle other) {
      return new Doubling(
          doublings, steps, update, netPerScale, updateProbability, noise, other, channels, bound);
    }

    /** The same whose cells have so many channels. */
    public Doubling with(int cells) {
      return new Doubling(
          doublings, steps, update, netPerScale, updateProbability, noise, settle, cells, bound);
    }

    /** The same whose states stay within so much of 0. */
    public Doubling bounded(double limit) {
      return new Doubling(
          doublings, steps, update, netPerScale, updateProbability, noise, settle, channels, limit);
    }

    @Override
    public int cellChannels(int latent) {
      return channels == 0 ? latent : channels;
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
    public int widestChannels(int latent) {
      return update.widestChannels(cellChannels(latent));
    }

    @Override
    public int constantChannels() {
      return update.constantChannels();
    }

    @Override
    public Optional<UpdateSpec> updateNet() {
      return Optional.of(update);
    }

    @Override
    public int decodingSteps() {
      return steps * (doublings + 1) + settle.evaluation();
    }

    @Override
    public int settlingSteps() {
      return settle.evaluation();
    }

    @Override
    public Doubling further(int steps) {
      return with(new Settle(settle.min(), settle.max(), settle.evaluation() + steps));
    }

    @Override
    public Doubling withFixedSteps() {
      return with(settle.fixed());
    }

    @Override
    public boolean takesPool() {
      return settle.trained();
    }

    @Override
    public Optional<String> missingInPytorch() {
      return channels > 0
          ? Optional.of(MAP)
          : netPerScale ? Optional.of("a net per scale") : update.missingInPytorch();
    }

    @Override
    public List<String> leftOutInPytorch() {
      List<String> all = new ArrayList<>();
      if (updateProbability < 1) {
        all.add("update-probability " + updateProbability);
      }
      all.addAll(notOfTheirs(noise, bound));
      if (settle.evaluation() > 0) {
        all.add("settle.evaluation " + settle.evaluation());
      }
      return List.copyOf(all);
    }

    @Override
    public boolean parallelInPytorch() {
      return true;
    }

    @Override
    public Doubling grown(int side) {
      if (side < 2 || Integer.bitCount(side) != 1) {
        throw new InvalidSetting(
            "side", "must be a power of two: from 2 x 2 cells each doubling makes it so", side);
      }
      int more = Integer.numberOfTrailingZeros(side) - 1;
      if (netPerScale && more > doublings) {
        throw new InvalidSetting(
            "doublings",
            "must be at most "
                + doublings
                + ": each grid has an update net of its own, and larger ones have none",
            more);
      }
      return new Doubling(
          more, steps, update, netPerScale, updateProbability, noise, settle, channels, bound);
    }

    /** A decoder of the paper's form: one net for all scales. */
    public static Doubling of(int doublings, int steps, UpdateSpec update) {
      return new Doubling(doublings, steps, update, false);
    }
  }

  /**
   * The non-doubling VNCA: every cell of the image's grid starts as z, then T update steps (paper,
   * section 3.3). It can run on for as long as one likes, so it can be trained to heal.
   *
   * @param steps T, how often the net is applied
   * @param updateProbability with which each cell takes part in a step, independently of the
   *     others; 1 in the paper, 0.5 in the authors' program for MNIST
   * @param update the update net
   * @param noise standard deviation of the normal noise that every step adds to the channels of
   *     every cell that are not constant; 0 in the paper
   * @param channels of a cell, as for a doubling decoder
   * @param bound of the states, as for a doubling decoder
   */
  record NonDoubling(
      StepRange steps,
      double updateProbability,
      UpdateSpec update,
      double noise,
      int channels,
      double bound)
      implements DecoderSpec {
    /** The paper's decoder for MNIST. */
    public static final NonDoubling PAPER =
        new NonDoubling(StepRange.PAPER, 1, UpdateSpec.Simple.PAPER);

    public NonDoubling {
      InvalidSetting.requirePresent("steps", steps);
      requireRandom(updateProbability, noise);
      InvalidSetting.requirePresent("update", update);
      InvalidSetting.requireAtLeast("channels", channels, 0);
      InvalidSetting.requireNotNegative("bound", bound);
    }

    /** A decoder whose cells have as many channels as z has numbers. */
    public NonDoubling(StepRange steps, double updateProbability, UpdateSpec update, double noise) {
      this(steps, updateProbability, update, noise, 0, 0);
    }

    @Override
    public int cellChannels(int latent) {
      return channels == 0 ? latent : channels;
    }

    /** A decoder whose steps add no noise. */
    public NonDoubling(StepRange steps, double updateProbability, UpdateSpec update) {
      this(steps, updateProbability, update, 0);
    }

    @Override
    public List<Integer> sides() {
      return List.of();
    }

    @Override
    public boolean cellular() {
      return true;
    }

    @Override
    public int widestChannels(int latent) {
      return update.widestChannels(cellChannels(latent));
    }

    @Override
    public int constantChannels() {
      return update.constantChannels();
    }

    @Override
    public Optional<UpdateSpec> updateNet() {
      return Optional.of(update);
    }

    @Override
    public int decodingSteps() {
      return steps.evaluation();
    }

    @Override
    public NonDoubling grown(int side) {
      if (side < 1 || side > LARGEST) {
        throw new InvalidSetting("side", "must be from 1 to " + LARGEST, side);
      }
      return this;
    }

    @Override
    public NonDoubling withFixedSteps() {
      return new NonDoubling(
          StepRange.always(steps.evaluation()), updateProbability, update, noise, channels, bound);
    }

    @Override
    public int settlingSteps() {
      return decodingSteps();
    }

    @Override
    public NonDoubling further(int more) {
      return new NonDoubling(
          new StepRange(steps.min(), steps.max(), steps.evaluation() + more),
          updateProbability,
          update,
          noise,
          channels,
          bound);
    }

    @Override
    public boolean takesPool() {
      return true;
    }

    @Override
    public Optional<String> missingInPytorch() {
      return channels > 0 ? Optional.of(MAP) : update.missingInPytorch();
    }

    @Override
    public List<String> leftOutInPytorch() {
      return notOfTheirs(noise, bound);
    }
  }

  private static List<String> notOfTheirs(double noise, double bound) {
    List<String> all = new ArrayList<>();
    if (noise > 0) {
      all.add("noise " + noise);
    }
    if (bound > 0) {
      all.add("bound " + bound);
    }
    return all;
  }

  /**
   * How many steps a non-doubling decoder takes.
   *
   * @param min the least in training, where T is drawn for each batch; 32 in the paper for MNIST
   * @param max the most in training, itself included; 64 in the paper for MNIST
   * @param evaluation when measuring and drawing; the paper does not say; the middle of its range
   */
  record StepRange(int min, int max, int evaluation) {
    /** The paper's range for MNIST. */
    public static final StepRange PAPER = new StepRange(32, 64, 48);

    /** The same T in training and elsewhere. */
    public static StepRange always(int steps) {
      return new StepRange(steps, steps, steps);
    }

    /** More would not be told apart by the keys of the draws. */
    private static final int LIMIT = 1 << 16;

    public StepRange {
      InvalidSetting.requireAtLeast("min", min, 1);
      if (max < min || max > LIMIT) {
        throw new InvalidSetting(
            "max", "must be from min, " + min + ", to " + LIMIT, max, List.of("min"));
      }
      InvalidSetting.requireAtLeast("evaluation", evaluation, 1);
    }
  }

  /**
   * How many steps a doubling decoder takes on its last grid once it has grown. A decoder that is
   * trained to settle can run on for as long as one likes, so it can also be trained to heal.
   *
   * @param min the least in training, where S is drawn for each batch
   * @param max the most in training, itself included; 0 for none
   * @param evaluation when measuring and drawing; also without any in training
   */
  record Settle(int min, int max, int evaluation) {
    /** No further step, as in the paper. */
    public static final Settle NONE = new Settle(0, 0, 0);

    public Settle {
      InvalidSetting.requireAtLeast("min", min, 0);
      if (max < min || max > StepRange.LIMIT) {
        throw new InvalidSetting(
            "max", "must be from min, " + min + ", to " + StepRange.LIMIT, max, List.of("min"));
      }
      InvalidSetting.requireAtLeast("evaluation", evaluation, 0);
      if (evaluation > StepRange.LIMIT) {
        throw new InvalidSetting("evaluation", "must be at most " + StepRange.LIMIT, evaluation);
      }
    }

    /** Whether training steps settle. */
    public boolean trained() {
      return max > 0;
    }

    /** The same where training draws nothing: as many as outside of it, but 1 at least if any. */
    public Settle fixed() {
      int steps = trained() ? Math.max(1, evaluation) : 0;
      return new Settle(steps, steps, evaluation);
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
   * @param hiddenDamage share of the training images of which one hidden map, any, loses a square
   *     of half its side; 0 in the paper; the authors' program damages hidden maps at random
   */
  record Convolutional(
      int doublings, int filters, int kernel, boolean denseElu, double hiddenDamage)
      implements DecoderSpec {
    /** The paper's baseline for MNIST (A.6). */
    public static final Convolutional PAPER = new Convolutional(4, 32, 5, false, 0);

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
      if (!(hiddenDamage >= 0 && hiddenDamage <= 1)) {
        throw new InvalidSetting("hiddenDamage", "must be from 0 to 1", hiddenDamage);
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

    @Override
    public Convolutional grown(int side) {
      if (!makes(side)) {
        throw new InvalidSetting(
            "side", "must be what it was trained for: a convolutional decoder has no grid", side);
      }
      return this;
    }

    @Override
    public int widestChannels(int latent) {
      return filters;
    }

    @Override
    public int decodingSteps() {
      return 0;
    }

    @Override
    public Convolutional further(int steps) {
      if (steps != 0) {
        throw new InvalidSetting("steps", "must be 0: a convolutional decoder has none", steps);
      }
      return this;
    }
  }

  private static void requireRandom(double updateProbability, double noise) {
    if (!(updateProbability > 0 && updateProbability <= 1)) {
      throw new InvalidSetting(
          "updateProbability", "must be above 0 and at most 1", updateProbability);
    }
    if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new InvalidSetting("noise", "must be at least 0 and finite", noise);
    }
  }

  private static void requireDoublings(int doublings) {
    InvalidSetting.requireAtLeast("doublings", doublings, 0);
    if (doublings > 10) {
      throw new InvalidSetting("doublings", "must be at most 10 (2048 pixels)", doublings);
    }
  }
}
