package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * Which steps are not taken: those whose gradient, before clipping, is so many times longer than
 * the median of the steps before it, or is not finite.
 *
 * @param times how many times; 0 for no guard
 * @param window steps that the median is of: the last ones that were taken; before there are so
 *     many, every step with a finite gradient is taken
 */
public record GuardSettings(double times, int window) {
  /** The paper has none. */
  public static final GuardSettings PAPER = new GuardSettings(0, 100);

  public GuardSettings {
    InvalidSetting.requireNotNegative("times", times);
    InvalidSetting.requireAtLeast("window", window, 1);
    if (times > 0 && times <= 1) {
      throw new InvalidSetting("times", "must be 0 or more than 1", times);
    }
    if (window > 10_000) {
      throw new InvalidSetting("window", "must be at most 10,000", window);
    }
  }

  /** Whether there is a guard. */
  public boolean present() {
    return times > 0;
  }
}
