package org.vnca.graph.description;

import java.util.List;
import java.util.Optional;

/**
 * A cellular decoder: z in every cell of the first stage's grid, then stage by stage. Afterwards
 * one can go on for as long as one likes, with the last stage's rule.
 *
 * @param stages in their order
 * @param rules one for all stages, or one for each
 */
public record DecoderDescription(List<Stage> stages, List<Rule> rules) {
  public DecoderDescription {
    stages = List.copyOf(stages);
    rules = List.copyOf(rules);
  }

  /**
   * One stage.
   *
   * @param side of its square grid
   * @param doubling whether it begins with a doubling: every cell becomes a 2 x 2 block of itself
   * @param steps how many follow
   * @param rule which of the rules, from 0
   */
  public record Stage(int side, boolean doubling, int steps, int rule) {}

  /**
   * What a step does: z becomes l (z + m net(z) + noise), m and l being products of masks.
   *
   * @param net perception and update; its output has the shape of the states
   * @param apply the rest
   */
  public record Rule(Description net, Apply apply) {}

  /**
   * How an update is applied.
   *
   * @param updates whose product is m: which cells take part in a step; none for all
   * @param noise what is added to the states, if anything
   * @param living whose product is l: which cells live on; none for all
   */
  public record Apply(List<Description> updates, Optional<Noise> noise, List<Description> living) {
    public Apply {
      updates = List.copyOf(updates);
      living = List.copyOf(living);
    }
  }

  /**
   * Normal noise.
   *
   * @param deviation its standard deviation
   * @param channels how many channels of a cell get it, the first ones
   */
  public record Noise(double deviation, int channels) {}
}
