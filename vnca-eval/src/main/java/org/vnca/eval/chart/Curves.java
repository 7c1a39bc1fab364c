package org.vnca.eval.chart;

import java.util.ArrayList;
import java.util.List;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.Mark;

/** The marks of one series in a frame. */
final class Curves {
  private final Chart.Frame frame;
  private final Series series;
  private final int number;

  /**
   * @param number of the series, from 0, which decides how it looks
   */
  Curves(Chart.Frame frame, Series series, int number) {
    this.frame = frame;
    this.series = series;
    this.number = number;
  }

  /** How long ink and gap of a curve are: those beyond the palette's colours are dashed. */
  static List<Double> dashes(int number) {
    return switch (Palette.round(number)) {
      case 0 -> List.of();
      case 1 -> List.of(5.0, 3.0);
      default -> List.of(0.1, 3.0);
    };
  }

  /** A point: those beyond the palette's colours are triangles, then squares. */
  static Mark point(double x, double y, double radius, int number) {
    Ink ink = Palette.ink(number);
    double wide = 1.2 * radius;
    return switch (Palette.round(number)) {
      case 0 -> new Mark.Disc(x, y, radius, ink);
      case 1 ->
          new Mark.Area(
              List.of(new double[] {x, y - wide, x + wide, y + wide, x - wide, y + wide}), ink);
      default -> new Mark.Box(x - radius, y - radius, 2 * radius, 2 * radius, ink);
    };
  }

  /** The band, with a gap where an end is missing. */
  void band(double opacity, List<Mark> marks) {
    List<double[]> contours = new ArrayList<>();
    int n = series.x().length;
    int from = 0;
    while (from < n) {
      int to = from;
      while (to < n && drawn(series.low()[to]) && drawn(series.high()[to])) {
        to++;
      }
      if (to > from + 1) {
        contours.add(outline(from, to));
      }
      from = to + 1;
    }
    if (!contours.isEmpty()) {
      marks.add(new Mark.Area(contours, Palette.ink(number).through(opacity)));
    }
  }

  /** A band's piece without a gap: there along the lower ends, and back along the upper ones. */
  private double[] outline(int from, int to) {
    double[] outline = new double[4 * (to - from)];
    for (int i = from; i < 2 * to - from; i++) {
      int at = i < to ? i : 2 * to - 1 - i;
      outline[2 * (i - from)] = frame.x(series.x()[at]);
      outline[2 * (i - from) + 1] = frame.y((i < to ? series.low() : series.high())[at]);
    }
    return outline;
  }

  /** The curve, with gaps where a value is missing. */
  void line(double width, List<Mark> marks) {
    List<Double> points = new ArrayList<>();
    for (int i = 0; i <= series.x().length; i++) {
      if (i < series.x().length && drawn(series.y()[i])) {
        points.add(frame.x(series.x()[i]));
        points.add(frame.y(series.y()[i]));
      } else if (!points.isEmpty()) {
        double[] piece = points.stream().mapToDouble(Double::doubleValue).toArray();
        marks.add(new Mark.Line(piece, width, dashes(number), Palette.ink(number)));
        points.clear();
      }
    }
  }

  /** Its points. */
  void points(double radius, List<Mark> marks) {
    for (int i = 0; i < series.x().length; i++) {
      if (drawn(series.y()[i])) {
        marks.add(point(frame.x(series.x()[i]), frame.y(series.y()[i]), radius, number));
      }
    }
  }

  private boolean drawn(double value) {
    return Double.isFinite(value) && Double.isFinite(frame.up().share(value));
  }
}
