package org.vnca.eval.report;

import java.util.List;
import java.util.Locale;

/** Curves over steps as inline SVG that grows with the page. */
final class LineChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 300;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 42;

  /** The first values of a training are so far off that they would flatten the rest. */
  private static final double IGNORED_SHARE = 0.1;

  private final String title;
  private final String id;
  private final List<Curve> curves;

  /**
   * A chart.
   *
   * @param id one that no other chart of the page has
   */
  LineChart(String title, String id, List<Curve> curves) {
    this.title = title;
    this.id = id;
    this.curves = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
  }

  /** What the values are, with their unit. */
  String title() {
    return title;
  }

  /** Whether there is anything to show. */
  boolean empty() {
    return curves.isEmpty();
  }

  void write(Html html) {
    Axis steps = steps();
    Axis values = values();
    html.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img", "class", "chart");
    html.element("title", title);
    html.open("clipPath", "id", id);
    html.open(
        "rect",
        "x",
        number(LEFT),
        "y",
        number(TOP),
        "width",
        number(WIDTH - LEFT - RIGHT),
        "height",
        number(HEIGHT - TOP - BOTTOM));
    html.close().close();
    for (double tick : values.ticks()) {
      line(html, LEFT, y(values, tick), WIDTH - RIGHT, y(values, tick), "grid");
      label(html, LEFT - 6, y(values, tick) + 4, "end", Axis.label(tick));
    }
    for (double tick : steps.ticks()) {
      line(html, x(steps, tick), TOP, x(steps, tick), HEIGHT - BOTTOM, "grid");
      label(html, x(steps, tick), HEIGHT - BOTTOM + 17, "middle", Axis.label(tick));
    }
    label(html, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "step");
    curves.forEach(curve -> curve(html, curve, steps, values));
    html.close();
  }

  private void curve(Html html, Curve curve, Axis steps, Axis values) {
    StringBuilder path = new StringBuilder();
    for (Curve.Point point : curve.points()) {
      path.append(path.length() == 0 ? 'M' : 'L');
      path.append(number(x(steps, point.step()))).append(' ');
      path.append(number(y(values, point.value())));
    }
    html.open("g", "clip-path", "url(#" + id + ")");
    html.open(
        "path",
        "d",
        path.toString(),
        "stroke",
        curve.colour(),
        "class",
        curve.dashed() ? "curve dashed" : "curve");
    html.element("title", curve.name()).close();
    if (curve.points().size() == 1) {
      Curve.Point only = curve.points().get(0);
      html.open(
              "circle",
              "cx",
              number(x(steps, only.step())),
              "cy",
              number(y(values, only.value())),
              "r",
              "3",
              "fill",
              curve.colour())
          .close();
    }
    html.close();
  }

  private Axis steps() {
    double last =
        curves.stream()
            .mapToDouble(curve -> curve.points().get(curve.points().size() - 1).step())
            .max()
            .orElse(1);
    return new Axis(0, Math.max(1, last));
  }

  private Axis values() {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      List<Curve.Point> points = curve.points();
      for (int i = (int) (IGNORED_SHARE * points.size()); i < points.size(); i++) {
        least = Math.min(least, points.get(i).value());
        greatest = Math.max(greatest, points.get(i).value());
      }
    }
    return Axis.around(least, greatest);
  }

  private static double x(Axis steps, double step) {
    return LEFT + steps.share(step) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis values, double value) {
    return HEIGHT - BOTTOM - values.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static void line(Html html, double x1, double y1, double x2, double y2, String style) {
    html.open(
            "line",
            "x1",
            number(x1),
            "y1",
            number(y1),
            "x2",
            number(x2),
            "y2",
            number(y2),
            "class",
            style)
        .close();
  }

  private static void label(Html html, double x, double y, String anchor, String text) {
    html.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
