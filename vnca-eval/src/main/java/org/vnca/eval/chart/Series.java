package org.vnca.eval.chart;

import java.util.Arrays;

/**
 * A curve, with or without a band, or points.
 *
 * @param x where they are
 * @param y their values; not drawn where they are not finite
 * @param low lower ends of the band
 * @param high upper ends of the band
 * @param joined whether they are a curve
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Series(String name, double[] x, double[] y, double[] low, double[] high, boolean joined) {
  boolean finite() {
    return Arrays.stream(y).allMatch(Double::isFinite);
  }

  /** Whether some value is finite and cannot be on the axis. */
  boolean leaves(Axis axis) {
    return Arrays.stream(y).anyMatch(value -> Double.isFinite(value) && !axis.holds(value));
  }
}
