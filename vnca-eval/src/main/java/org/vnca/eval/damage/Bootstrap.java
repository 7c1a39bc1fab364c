package org.vnca.eval.damage;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Intervals of means over images, by drawing the images again (Efron 1979; percentiles). */
final class Bootstrap {
  static final double LEVEL = 0.95;
  static final int DRAWS = 1000;

  private final int images;

  /** How often each image is in each draw: {@code [DRAWS, images]}. */
  private final int[][] counts;

  /** Draws, the same images for all quantities, so that differences may be taken. */
  Bootstrap(int images, long seed) {
    this.images = images;
    this.counts = new int[DRAWS][images];
    SplittableRandom random = new SplittableRandom(seed);
    for (int[] draw : counts) {
      for (int i = 0; i < images; i++) {
        draw[random.nextInt(images)]++;
      }
    }
  }

  /**
   * A mean and its interval.
   *
   * @param mean over images
   * @param low lower end of the 95 % interval
   * @param high upper end
   */
  record Interval(double mean, double low, double high) {}

  /** The mean of one value for each image; not a number if one of them is not finite. */
  Interval of(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    if (!Double.isFinite(sum)) {
      return new Interval(Double.NaN, Double.NaN, Double.NaN);
    }
    double[] means = new double[DRAWS];
    for (int d = 0; d < DRAWS; d++) {
      double drawn = 0;
      for (int i = 0; i < images; i++) {
        drawn += counts[d][i] * (double) values[i];
      }
      means[d] = drawn / images;
    }
    Arrays.sort(means);
    int tail = (int) Math.round((1 - LEVEL) / 2 * DRAWS);
    return new Interval(sum / images, means[tail], means[DRAWS - 1 - tail]);
  }
}
