package org.vnca.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vnca.train.run.MetricsLog;

/**
 * A figure over steps.
 *
 * @param name what it is
 * @param colour as CSS writes it
 * @param dashed whether its line is
 * @param points ascending by step; only finite ones
 * @param notFinite how many were left out since they are not
 */
record Curve(String name, String colour, boolean dashed, List<Point> points, int notFinite) {
  /** More would not be seen. */
  static final int MOST = 500;

  Curve {
    points = List.copyOf(points);
  }

  /** A value at a step. */
  record Point(double step, double value) {}

  /**
   * The figure of a key in a run's metrics; of more than {@value #MOST} points neighbours are
   * averaged.
   *
   * @param sign 1, or -1 to turn a log-likelihood into a loss
   */
  static Curve of(
      String name,
      String colour,
      boolean dashed,
      List<Map<String, Object>> metrics,
      String key,
      int sign) {
    List<Point> points = new ArrayList<>();
    int notFinite = 0;
    for (Map<String, Object> line : metrics) {
      if (line.get(MetricsLog.STEP) instanceof Number step && line.containsKey(key)) {
        if (line.get(key) instanceof Number value && Double.isFinite(value.doubleValue())) {
          points.add(new Point(step.doubleValue(), sign * value.doubleValue()));
        } else {
          notFinite++;
        }
      }
    }
    return new Curve(name, colour, dashed, thinned(points), notFinite);
  }

  private static List<Point> thinned(List<Point> points) {
    int group = (points.size() + MOST - 1) / MOST;
    if (group <= 1) {
      return points;
    }
    List<Point> means = new ArrayList<>();
    for (int from = 0; from < points.size(); from += group) {
      List<Point> some = points.subList(from, Math.min(from + group, points.size()));
      means.add(
          new Point(
              some.stream().mapToDouble(Point::step).average().orElseThrow(),
              some.stream().mapToDouble(Point::value).average().orElseThrow()));
    }
    return means;
  }
}
