package org.vnca.graph.decoder;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.UpdateSpec;

/**
 * What an automaton does from z to the last map: z fills a grid, which grows, and settles. Growth
 * is K + 1 stages of M steps with a doubling between them; then further steps follow on the last
 * grid. Where nothing is doubled, growth is the filling of the grid and all steps are further ones.
 *
 * @param firstSide of the grid that z fills
 * @param doublings K
 * @param growth M, steps of each stage of growth; 0 if growth is only the filling
 * @param settling further steps on the last grid
 * @param update the rule's settings
 * @param netPerScale whether each stage has a net of its own
 * @param updateProbability with which a cell takes part in a step
 * @param noise standard deviation of the noise that a step adds
 * @param channels of a cell, which are a learned map of z; 0 for z itself
 * @param bound of the states; 0 for none
 */
record Course(
    int firstSide,
    int doublings,
    int growth,
    DecoderSpec.Settle settling,
    UpdateSpec update,
    boolean netPerScale,
    double updateProbability,
    double noise,
    int channels,
    double bound) {
  private static final int SEED_SIDE = 2;

  /** Of the doubling VNCA (paper, section 2.1). */
  static Course of(DecoderSpec.Doubling spec) {
    return new Course(
        SEED_SIDE,
        spec.doublings(),
        spec.steps(),
        spec.settle(),
        spec.update(),
        spec.netPerScale(),
        spec.updateProbability(),
        spec.noise(),
        spec.channels(),
        spec.bound());
  }

  /** Of the non-doubling VNCA (paper, section 3.3). */
  static Course of(DecoderSpec.NonDoubling spec, int side) {
    DecoderSpec.StepRange steps = spec.steps();
    return new Course(
        side,
        0,
        0,
        new DecoderSpec.Settle(steps.min(), steps.max(), steps.evaluation()),
        spec.update(),
        false,
        spec.updateProbability(),
        spec.noise(),
        spec.channels(),
        spec.bound());
  }

  /** Channels of a cell. */
  int cellChannels(int latent) {
    return channels == 0 ? latent : channels;
  }

  /** From z to the first state of every cell, if that is not z itself. */
  Optional<Layer> cell(int latent) {
    return channels == 0
        ? Optional.empty()
        : Optional.of(new Dense("decoder/seed", latent, channels).withBias());
  }

  /** The rules, one for all stages, or one for each. */
  List<Rule> rules(int latent) {
    int cells = cellChannels(latent);
    if (!netPerScale) {
      return List.of(rule("decoder", cells));
    }
    return IntStream.range(0, stages()).mapToObj(k -> rule("decoder/scale" + k, cells)).toList();
  }

  private Rule rule(String name, int cells) {
    Rule rule = Rule.of(update, name, cells);
    return bound > 0 ? rule.bounded(bound, cells) : rule;
  }

  /** How many grids there are. */
  int stages() {
    return doublings + 1;
  }

  int last() {
    return doublings;
  }

  /** The side of a stage's grid. */
  int side(int stage) {
    return firstSide << stage;
  }

  /** Which of the rules a stage has. */
  int rule(int stage) {
    return netPerScale ? stage : 0;
  }

  /** Steps of the stages before one; of all of growth for the number after the last. */
  int before(int stage) {
    return stage * growth;
  }

  /** The most steps that a stage ever takes, in training or outside of it. */
  int most(int stage) {
    return growth + (stage == last() ? Math.max(settling.max(), settling.evaluation()) : 0);
  }

  /** Steps of a stage outside of training: in the last one, those of settling with them. */
  int measured(int stage) {
    return growth + (stage == last() ? settling.evaluation() : 0);
  }
}
