package org.vnca.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.vnca.eval.chart.Axis;

/** Curves over steps as inline SVG that grows with the page. */
final class LineChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 300;
  private static final int LEFT = 52;
  private static final int GAP = 6;
  private static final int RIGHT = 14;

  /** Of letters of 13 pixels, as the page has them. */
  private static final double LETTER = 8.3;

  private static final int TOP = 12;
  private static final int BOTTOM = 42;

  /** The first values of a training are so far off that they would flatten the rest. */
  private static final double IGNORED_SHARE = 0.1;

  /**
   * Values of a curve that are farther on one side of its median than so many times what it spreads
   * to on the other side have exploded; they would flatten all curves.
   */
  private static final double EXPLODED = 20;

  /** How many heights of the frame away a point is drawn at most. */
  private static final double FARTHEST = 20;

  private final String title;
  private final String id;
  private final List<Curve> curves;
  private final int left;

  /**
   * A chart.
   *
   * @param id one that no other chart of the page has
   */
  LineChart(String title, String id, List<Curve> curves) {
    this.title = title;
    this.id = id;
    this.curves = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
    left = this.curves.isEmpty() ? LEFT : left(values());
  }

  /** Room for the widest label of the values. */
  private static int left(Axis values) {
    double widest =
        values.ticks().stream().mapToDouble(tick -> width(values.label(tick))).max().orElse(0);
    return Math.max(LEFT, (int) Math.ceil(widest) + GAP + 1);
  }

  /** How wide a label is at most: the digits of the widest of the usual fonts. */
  private static double width(String text) {
    return LETTER * text.length();
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
        number(left),
        "y",
        number(TOP),
        "width",
        number(WIDTH - left - RIGHT),
        "height",
        number(HEIGHT - TOP - BOTTOM));
    html.close().close();
    for (double tick : values.ticks()) {
      line(html, left, y(values, tick), WIDTH - RIGHT, y(values, tick), "grid");
      label(html, left - GAP, y(values, tick) + 4, "end", values.label(tick));
    }
    for (double tick : steps.ticks()) {
      line(html, x(steps, tick), TOP, x(steps, tick), HEIGHT - BOTTOM, "grid");
      String text = steps.label(tick);
      // The last one may have no room for its second half.
      double middle = Math.min(x(steps, tick), WIDTH - width(text) / 2 - 1);
      label(html, middle, HEIGHT - BOTTOM + 17, "middle", text);
    }
    label(html, (left + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "step");
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
    return Axis.between(0, Math.max(1, last)).whole();
  }

  private Axis values() {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      double[] sorted = later(curve).sorted().toArray();
      double median = sorted[sorted.length / 2];
      double lowest = sorted[0];
      double highest = sorted[sorted.length - 1];
      double near = Math.abs(median);
      least =
          Math.min(least, Math.max(lowest, median - Math.max(near, EXPLODED * (highest - median))));
      greatest =
          Math.max(
              greatest, Math.min(highest, median + Math.max(near, EXPLODED * (median - lowest))));
    }
    return Axis.around(least, greatest);
  }

  /** The values of a curve without its first tenth. */
  private static DoubleStream later(Curve curve) {
    int first = (int) (IGNORED_SHARE * curve.points().size());
    return curve.points().stream().skip(first).mapToDouble(Curve.Point::value);
  }

  /** What a reader does not see, in sentences; nothing if all is in the frame. */
  Optional<String> missing() {
    Axis axis = values();
    List<String> sentences = new ArrayList<>();
    String beyond =
        names(curve -> later(curve).anyMatch(value -> value < axis.from() || value > axis.to()));
    if (!beyond.isEmpty()) {
      sentences.add("Beyond the frame at some steps: " + beyond + ".");
    }
    String lost = names(curve -> curve.notFinite() > 0);
    if (!lost.isEmpty()) {
      sentences.add("Not finite, and left out, at some steps: " + lost + ".");
    }
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
  }

  private String names(Predicate<Curve> which) {
    return curves.stream().filter(which).map(Curve::name).collect(Collectors.joining("; "));
  }

  private double x(Axis steps, double step) {
    return left + steps.share(step) * (WIDTH - left - RIGHT);
  }

  private static double y(Axis values, double value) {
    double share = Math.max(-FARTHEST, Math.min(values.share(value), FARTHEST));
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
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
