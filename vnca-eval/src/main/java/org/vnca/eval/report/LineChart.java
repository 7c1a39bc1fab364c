package org.vnca.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.vnca.eval.chart.Axis;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.SvgFile;
import org.vnca.train.picture.Typeface;

/** Curves over steps, as vectors in a page. */
final class LineChart {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 300;
  private static final double TEXT = 13;
  private static final double GAP = 6;
  private static final double LEFT = 52;
  private static final double RIGHT = 14;
  private static final double TOP = 12;
  private static final double BOTTOM = 42;
  private static final double LINE = 2;
  private static final double GRID = 1;
  private static final double POINT = 3;
  private static final List<Double> DASHES = List.of(6.0, 4.0);

  /** The first values of a training are so far off that they would flatten the rest. */
  private static final double IGNORED_SHARE = 0.1;

  /**
   * Values of a curve that are farther on one side of its median than so many times what it spreads
   * to on the other side have exploded; they would flatten all curves.
   */
  private static final double EXPLODED = 20;

  /** How many heights of the frame away a point is drawn at most. */
  private static final double FARTHEST = 20;

  /** Curves that a sentence names at most. */
  private static final int NAMED = 12;

  private final String title;
  private final String id;
  private final List<Curve> curves;
  private final Axis steps;
  private final Axis values;
  private final double left;

  /**
   * A chart.
   *
   * @param id one that no other chart of the page has
   */
  LineChart(String title, String id, List<Curve> curves) {
    this.title = title;
    this.id = id;
    this.curves = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
    steps = stepsOf(this.curves);
    values = valuesOf(this.curves);
    left = Math.max(LEFT, Math.ceil(widest(values)) + GAP + 1);
  }

  private static double widest(Axis axis) {
    return axis.ticks().stream().mapToDouble(tick -> width(axis.label(tick))).max().orElse(0);
  }

  private static double width(String text) {
    return Typeface.SANS.width(text, TEXT);
  }

  /** What the values are, with their unit. */
  String title() {
    return title;
  }

  /** Whether there is anything to show. */
  boolean empty() {
    return curves.isEmpty();
  }

  /** As an element of a page. */
  String svg() {
    return SvgFile.inPage(drawing(), title, id);
  }

  Drawing drawing() {
    Drawing.Builder drawing = new Drawing.Builder();
    double right = WIDTH - RIGHT;
    double bottom = HEIGHT - BOTTOM;
    for (double tick : values.ticks()) {
      double y = y(tick);
      drawing.add(new Mark.Box(left, y - GRID / 2, right - left, GRID, Ink.PALE));
      double base = y + Typeface.SANS.capitals(TEXT) / 2;
      drawing.add(label(values.label(tick), left - GAP, base, Mark.Side.END));
    }
    for (double tick : steps.ticks()) {
      double x = x(tick);
      drawing.add(new Mark.Box(x - GRID / 2, TOP, GRID, bottom - TOP, Ink.PALE));
      String text = steps.label(tick);
      // The last one may have no room for its second half.
      double middle = Math.min(x, WIDTH - width(text) / 2 - 1);
      drawing.add(label(text, middle, bottom + 17, Mark.Side.MIDDLE));
    }
    drawing.add(label("step", (left + right) / 2, HEIGHT - 6, Mark.Side.MIDDLE));
    Mark.Box frame = new Mark.Box(left, TOP, right - left, bottom - TOP, Ink.BLACK);
    drawing.add(new Mark.Clipped(frame, curves.stream().map(this::curve).toList()));
    return drawing.of(WIDTH, HEIGHT);
  }

  private static Mark label(String words, double x, double y, Mark.Side side) {
    return new Mark.Text(words, x, y, TEXT, side, false, Ink.GREY);
  }

  private Mark curve(Curve curve) {
    double[] points = new double[2 * curve.points().size()];
    for (int i = 0; i < curve.points().size(); i++) {
      points[2 * i] = tenths(x(curve.points().get(i).step()));
      points[2 * i + 1] = tenths(y(curve.points().get(i).value()));
    }
    Mark mark =
        points.length == 2
            ? new Mark.Disc(points[0], points[1], POINT, curve.ink())
            : new Mark.Line(points, LINE, curve.dashed() ? DASHES : List.of(), curve.ink());
    return new Mark.Named(curve.name(), List.of(mark));
  }

  /** More digits would not be seen, and a page of many runs has many numbers. */
  private static double tenths(double value) {
    return Math.rint(10 * value) / 10;
  }

  private static Axis stepsOf(List<Curve> curves) {
    double last = curves.stream().mapToDouble(Curve::until).max().orElse(1);
    return Axis.between(0, Math.max(1, last)).whole();
  }

  private static Axis valuesOf(List<Curve> curves) {
    double least = curves.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
    double greatest = curves.isEmpty() ? 1 : Double.NEGATIVE_INFINITY;
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
    List<String> sentences = new ArrayList<>();
    String beyond =
        names(
            curve -> later(curve).anyMatch(value -> value < values.from() || value > values.to()));
    if (!beyond.isEmpty()) {
      sentences.add("Beyond the frame at some steps: " + beyond + ".");
    }
    String lost = names(curve -> curve.notFinite() > 0);
    if (!lost.isEmpty()) {
      sentences.add("Not finite, and left out, at some steps: " + lost + ".");
    }
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
  }

  /** Of many curves the first few, and how many more. */
  private String names(Predicate<Curve> which) {
    List<String> all = curves.stream().filter(which).map(Curve::name).toList();
    String first = all.stream().limit(NAMED).collect(Collectors.joining("; "));
    return all.size() > NAMED ? first + "; and %d more".formatted(all.size() - NAMED) : first;
  }

  private double x(double step) {
    return left + steps.share(step) * (WIDTH - left - RIGHT);
  }

  private double y(double value) {
    double share = Math.max(-FARTHEST, Math.min(values.share(value), FARTHEST));
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }
}
