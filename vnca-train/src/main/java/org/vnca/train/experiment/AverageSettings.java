package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * The exponential moving average of the weights, which measures and draws in their place.
 *
 * @param decay what a step leaves of the average; in the first steps less, so that it is not held
 *     back by the first values ({@link #at}); 0 for no average
 */
public record AverageSettings(double decay) {
  /** The paper has none. */
  public static final AverageSettings PAPER = new AverageSettings(0);

  public AverageSettings {
    if (!(decay >= 0 && decay < 1)) {
      throw new InvalidSetting("decay", "must be at least 0 and below 1", decay);
    }
  }

  /** Whether there is an average. */
  public boolean present() {
    return decay > 0;
  }

  /** The decay of a step, counted from 0: (1 + step) / (10 + step), as long as that is less. */
  public double at(long step) {
    return Math.min(decay, (1.0 + step) / (10.0 + step));
  }
}
