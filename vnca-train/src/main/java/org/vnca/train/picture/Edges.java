package org.vnca.train.picture;

import java.util.Arrays;

/** Where contours cross horizontal lines of samples; line k lies at height k + 1/2. */
final class Edges {
  private final int least;
  private final int most;
  private final double[][] crossings;
  private final byte[][] directions;
  private final int[] counts;

  /**
   * @param least the first line of interest
   * @param most one behind the last
   */
  Edges(int least, int most) {
    this.least = least;
    this.most = most;
    int lines = Math.max(0, most - least);
    crossings = new double[lines][];
    directions = new byte[lines][];
    counts = new int[lines];
  }

  /** Adds a straight edge. */
  void add(double x0, double y0, double x1, double y1) {
    boolean down = y1 > y0;
    double top = down ? y0 : y1;
    double bottom = down ? y1 : y0;
    // An edge owns its upper end and not its lower one.
    int from = (int) Math.max(least, Math.ceil(top - 0.5));
    int to = (int) Math.min(most - 1.0, Math.ceil(bottom - 0.5) - 1);
    for (int line = from; line <= to; line++) {
      double share = (line + 0.5 - y0) / (y1 - y0);
      cross(line, x0 + share * (x1 - x0), (byte) (down ? 1 : -1));
    }
  }

  private void cross(int line, double x, byte direction) {
    int row = line - least;
    int count = counts[row]++;
    if (count == 0) {
      crossings[row] = new double[4];
      directions[row] = new byte[4];
    } else if (count == crossings[row].length) {
      crossings[row] = Arrays.copyOf(crossings[row], 2 * count);
      directions[row] = Arrays.copyOf(directions[row], 2 * count);
    }
    int at = count;
    while (at > 0 && crossings[row][at - 1] > x) {
      crossings[row][at] = crossings[row][at - 1];
      directions[row][at] = directions[row][at - 1];
      at--;
    }
    crossings[row][at] = x;
    directions[row][at] = direction;
  }

  /** The pieces of a line that contours wind around. */
  void spans(int line, Span span) {
    int row = line - least;
    int winding = 0;
    for (int i = 0; i < counts[row]; i++) {
      int before = winding;
      winding += directions[row][i];
      if (before != 0) {
        span.from(crossings[row][i - 1], crossings[row][i]);
      }
    }
  }

  /** Takes a piece of a line. */
  interface Span {
    void from(double left, double right);
  }
}
