package org.vnca.train.picture;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line into its dashes. */
final class Dashes {
  /** A line of more dashes than this is drawn solid: they would not be seen. */
  private static final double MOST = 20_000;

  private final List<Double> lengths;
  private final List<double[]> pieces = new ArrayList<>();
  private final List<Double> piece = new ArrayList<>();
  private int turn;
  private double left;

  private Dashes(List<Double> lengths) {
    this.lengths = lengths;
    this.left = lengths.get(0);
  }

  /**
   * The pieces with ink.
   *
   * @param points x and y in turn
   * @param lengths of ink and gap in turn, above 0; empty for one piece
   */
  static List<double[]> of(double[] points, List<Double> lengths) {
    double whole = 0;
    for (int i = 2; i < points.length; i += 2) {
      whole += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
    }
    double shortest = lengths.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    if (lengths.isEmpty() || points.length < 4 || !(whole < MOST * shortest)) {
      return List.of(points);
    }
    Dashes dashes = new Dashes(lengths);
    dashes.add(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      dashes.walk(points[i - 2], points[i - 1], points[i], points[i + 1]);
    }
    dashes.end();
    return dashes.pieces;
  }

  private void walk(double x0, double y0, double x1, double y1) {
    double length = Math.hypot(x1 - x0, y1 - y0);
    double done = 0;
    while (length - done > left) {
      done += left;
      add(x0 + done / length * (x1 - x0), y0 + done / length * (y1 - y0));
      end();
      turn = (turn + 1) % lengths.size();
      left = lengths.get(turn);
      add(x0 + done / length * (x1 - x0), y0 + done / length * (y1 - y0));
    }
    left -= length - done;
    add(x1, y1);
  }

  private void add(double x, double y) {
    piece.add(x);
    piece.add(y);
  }

  private void end() {
    if (turn % 2 == 0) {
      pieces.add(piece.stream().mapToDouble(Double::doubleValue).toArray());
    }
    piece.clear();
  }
}
