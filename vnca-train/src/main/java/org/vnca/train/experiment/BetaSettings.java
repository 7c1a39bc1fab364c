package org.vnca.train.experiment;

import java.util.Optional;
import org.vnca.graph.spec.InvalidSetting;

/**
 * The weight of the KL term (Higgins et al. 2017), which may rise or fall at the beginning of a run
 * (Bowman et al. 2016); 1 is the ELBO.
 *
 * @param from at the first step
 * @param to after {@code steps}, and from then on
 * @param steps over how many it goes from the one to the other, in equal parts; 0 for {@code to} at
 *     once
 */
public record BetaSettings(double from, double to, long steps) implements OneNumber {
  /** The ELBO. */
  public static final BetaSettings PAPER = of(1);

  public BetaSettings {
    InvalidSetting.requireNotNegative("from", from);
    InvalidSetting.requireNotNegative("to", to);
    InvalidSetting.requireAtLeast("steps", steps, 0);
    if (steps == 0 && from != to) {
      throw new InvalidSetting(
          "steps",
          "must be at least 1 where from and to differ",
          0,
          java.util.List.of("from", "to"));
    }
  }

  /** The same weight at every step. */
  public static BetaSettings of(double weight) {
    return new BetaSettings(weight, weight, 0);
  }

  /** The weight at a step, counted from 0. */
  public double at(long step) {
    return step >= steps ? to : from + (to - from) * step / steps;
  }

  @Override
  public Optional<Double> number() {
    return steps == 0 ? Optional.of(to) : Optional.empty();
  }
}
