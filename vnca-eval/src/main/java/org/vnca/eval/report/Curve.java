package org.vnca.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.vnca.train.picture.Ink;
import org.vnca.train.run.MetricsLog;

/**
 * A number over steps.
 *
 * @param name what it is
 * @param ink of its line
 * @param dashed whether its line is
 * @param points ascending by step; only finite ones
 * @param until the last step of a point, before neighbours were averaged
 * @param notFinite how many were left out since they are not
 */
record Curve(
    String name, Ink ink, boolean dashed, List<Point> points, double until, int notFinite) {
  /** Points of a curve: more would not be seen. */
  static final int MOST = 500;

  /** Points of a curve that shows how it goes, however many others there are. */
  private static final int LEAST = 50;

  /** Points of all curves of a chart, so that a page of hundreds of runs can be opened. */
  private static final int TOGETHER = 40_000;

  Curve {
    points = List.copyOf(points);
  }

  /** How many points each of so many curves has at most. */
  static int most(int curves) {
    return Math.max(LEAST, Math.min(TOGETHER / Math.max(1, curves), MOST));
  }

  /** A value at a step. */
  record Point(double step, double value) {}

  /**
   * The numbers of a key in a run's metrics; of more than {@value #MOST} points neighbours are
   * averaged.
   *
   * @param sign 1, or -1 to turn a log-likelihood into a loss
   */
  static Curve of(
      String name,
      Ink ink,
      boolean dashed,
      List<Map<String, Object>> metrics,
      String key,
      int sign) {
    Series series = new Series(key);
    for (Map<String, Object> line : metrics) {
      if (line.get(MetricsLog.STEP) instanceof Number step) {
        series.line(step.longValue(), line);
      }
    }
    return series.thinned(MOST).curve(name, ink, dashed, sign);
  }

  /** What a key has at each step, gathered line by line: two numbers a line and no more. */
  static final class Series implements MetricsLog.Reader {
    private final String key;
    private double[] steps = new double[64];
    private double[] values = new double[64];
    private int count;
    private double until;
    private int notFinite;

    Series(String key) {
      this.key = key;
    }

    @Override
    public void line(long step, Map<String, Object> line) {
      if (!line.containsKey(key)) {
        return;
      }
      if (line.get(key) instanceof Number value && Double.isFinite(value.doubleValue())) {
        if (count == steps.length) {
          steps = Arrays.copyOf(steps, 2 * count);
          values = Arrays.copyOf(values, 2 * count);
        }
        until = step;
        steps[count] = step;
        values[count++] = value.doubleValue();
      } else {
        notFinite++;
      }
    }

    /** Puts the means of neighbours in place of more than so many points. */
    Series thinned(int most) {
      int group = Math.max(1, (count + most - 1) / most);
      int means = 0;
      for (int from = 0; from < count; from += group) {
        int to = Math.min(from + group, count);
        steps[means] = Arrays.stream(steps, from, to).average().orElseThrow();
        values[means++] = Arrays.stream(values, from, to).average().orElseThrow();
      }
      count = means;
      steps = Arrays.copyOf(steps, count);
      values = Arrays.copyOf(values, count);
      return this;
    }

    Curve curve(String name, Ink ink, boolean dashed, int sign) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        points.add(new Point(steps[i], sign * values[i]));
      }
      return new Curve(name, ink, dashed, points, until, notFinite);
    }
  }
}
