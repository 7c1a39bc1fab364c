package org.vnca.train.measure;

/** Mean and spread of numbers that come one at a time (Welford 1962), in constant memory. */
public final class Mean {
  private long count;
  private double mean;
  private double squares;

  /** Adds a number; one that is not finite makes every result so. */
  public void add(double value) {
    count++;
    double before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }

  /** How many there were. */
  public long count() {
    return count;
  }

  /** Their mean; NaN if there was none. */
  public double value() {
    return count == 0 ? Double.NaN : mean;
  }

  /** Mean squared distance from the mean; NaN if there was none. */
  public double variance() {
    return count == 0 ? Double.NaN : squares / count;
  }

  /**
   * Standard error of the mean: the standard deviation, with n - 1, over the root of n; NaN for
   * less than two numbers.
   */
  public double standardError() {
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
  }
}
