package org.vnca.train.measure;

/**
 * The logarithm of the mean of exponentials, one value at a time, in constant memory and without
 * overflow. Of log-weights it is the importance-weighted bound (Burda et al. 2015, eq. 8).
 */
final class LogMeanExp {
  private double most = Double.NEGATIVE_INFINITY;
  private double sum;
  private long count;

  /** Adds a value; a NaN makes the result NaN. */
  void add(double value) {
    count++;
    if (value > most) {
      sum = sum * Math.exp(most - value) + 1;
      most = value;
    } else if (value != Double.NEGATIVE_INFINITY) {
      sum += Math.exp(value - most);
    }
  }

  /** ln of the mean of exp of what was added; NaN if nothing was. */
  double value() {
    return most + Math.log(sum / count);
  }
}
