package org.vnca.eval.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Curves with bands, or points, between axes, with a legend to the right. */
final class Chart {
  /** Colours that are told apart by most eyes, as Matplotlib's. */
  private static final int[] PALETTE = {
    0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd, 0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22,
    0x17becf
  };

  private static final int TOP = 12;
  private static final int LABEL = 42;
  private static final int BOTTOM = 62;
  private static final int TICK = 6;
  private static final int BAND_OPACITY = 60;
  private static final double POINT = 4;

  private static final double ARROW = 11;

  /** Curves of at most so many points show them. */
  private static final int FEW = 16;

  /** By how much a plane is larger than what its points take. */
  private static final double MARGIN = 1.05;

  /** How many heights of the frame away a point is drawn at most. */
  private static final double FARTHEST = 20;

  private final String xLabel;
  private final String yLabel;
  private double lowest = Double.NEGATIVE_INFINITY;
  private double highest = Double.POSITIVE_INFINITY;
  private boolean plane;
  private final List<Series> all = new ArrayList<>();

  /** A chart with names of its axes, units in them. */
  Chart(String xLabel, String yLabel) {
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /** Cuts off what lies lower or higher. */
  Chart within(double least, double most) {
    lowest = Double.isNaN(least) ? Double.NEGATIVE_INFINITY : least;
    highest = Double.isNaN(most) ? Double.POSITIVE_INFINITY : most;
    return this;
  }

  /** Both axes have one scale, and end a little beyond the values: for points of a plane. */
  Chart plane() {
    plane = true;
    return this;
  }

  /** Adds a curve. */
  Chart curve(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, y, y, true));
    return this;
  }

  /** Adds a curve in a band. */
  Chart curve(String name, double[] x, double[] y, double[] low, double[] high) {
    all.add(new Series(name, x, y, low, high, true));
    return this;
  }

  /** Adds points. */
  Chart points(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, y, y, false));
    return this;
  }

  /**
   * What the frame does not show of the curves, in a sentence for the caption that begins with the
   * name of the vertical axis; nothing if it shows all.
   */
  Optional<String> missing() {
    Range range = values();
    List<String> parts = new ArrayList<>();
    String beyond = names(series -> series.leaves(range));
    if (!beyond.isEmpty()) {
      parts.add("beyond the frame at some places (arrow heads): " + beyond);
    }
    String lost = names(series -> !Arrays.stream(series.y).allMatch(Double::isFinite));
    if (!lost.isEmpty()) {
      parts.add("not finite somewhere and not drawn there: " + lost);
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(yLabel + ", " + String.join("; ", parts) + ".");
  }

  private String names(Predicate<Series> which) {
    return all.stream().filter(which).map(Series::name).collect(Collectors.joining(", "));
  }

  /** What the vertical axis shows: no value, cut off, is outside of it. */
  private Range values() {
    return Range.of(
        all.stream()
            .flatMap(s -> Stream.of(s.y, s.low, s.high))
            .map(
                values ->
                    Arrays.stream(values)
                        .filter(Double::isFinite)
                        .map(v -> Math.max(lowest, Math.min(v, highest)))
                        .toArray())
            .toList());
  }

  /** Draws; the size includes the labels, not the legend. */
  BufferedImage draw(int width, int height) {
    Range x = Range.between(span(Series::x));
    Range y = values();
    int legend = all.stream().mapToInt(s -> Ink.TEXT.width(s.name)).max().orElse(0) + 50;
    try (Ink ink = new Ink(width + legend, height)) {
      int numbers =
          y.ticks().stream().mapToInt(tick -> Ink.TEXT.width(y.name(tick))).max().orElse(0);
      Frame whole = new Frame(x, y, LABEL + numbers, TOP, width - 16, height - BOTTOM);
      Frame frame = plane ? whole.toOneScale(span(Series::x), span(Series::y)) : whole;
      axes(ink, frame);
      // The first lie on top.
      for (int i = all.size() - 1; i >= 0; i--) {
        Color colour = new Color(PALETTE[i % PALETTE.length]);
        ink.graphics()
            .setClip(
                frame.left, frame.top, frame.right - frame.left + 1, frame.bottom - frame.top + 1);
        if (all.get(i).joined) {
          band(ink.graphics(), frame, all.get(i), colour);
          line(ink.graphics(), frame, all.get(i), colour);
        } else {
          dots(ink.graphics(), frame, all.get(i), colour);
        }
        ink.graphics().setClip(null);
        if (all.get(i).joined) {
          marks(ink.graphics(), frame, all.get(i), colour);
        }
        int at = frame.top + 10 + i * 2 * Ink.TEXT.height();
        ink.graphics().setColor(colour);
        ink.graphics().fillRect(frame.right + 12, at - 4, 22, all.get(i).joined ? 5 : 9);
        ink.write(
            all.get(i).name, frame.right + 42, at - Ink.TEXT.height() / 2, Ink.TEXT, Ink.BLACK);
      }
      return ink.picture();
    }
  }

  private double[] span(Function<Series, double[]> values) {
    DoubleSummaryStatistics found =
        all.stream()
            .map(values)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .summaryStatistics();
    return found.getCount() == 0
        ? new double[] {0, 1}
        : new double[] {found.getMin(), found.getMax()};
  }

  private void axes(Ink ink, Frame frame) {
    for (double tick : frame.xs.ticks()) {
      double at = frame.x(tick);
      ink.line(at, frame.top, at, frame.bottom + TICK, 1, Ink.PALE);
      ink.writeCentred(frame.xs.name(tick), (int) Math.round(at), frame.bottom + TICK + 4);
    }
    for (double tick : frame.ys.ticks()) {
      double at = frame.y(tick);
      ink.line(frame.left - TICK, at, frame.right, at, 1, Ink.PALE);
      ink.writeBefore(frame.ys.name(tick), frame.left - TICK - 4, (int) Math.round(at));
    }
    ink.line(frame.left, frame.top, frame.left, frame.bottom, 2, Ink.BLACK);
    ink.line(frame.left, frame.bottom, frame.right, frame.bottom, 2, Ink.BLACK);
    ink.writeCentred(xLabel, (frame.left + frame.right) / 2, frame.bottom + 38);
    ink.writeUpwards(yLabel, 2, (frame.top + frame.bottom) / 2);
  }

  private static void band(Graphics2D graphics, Frame frame, Series series, Color colour) {
    Path2D outline = new Path2D.Double();
    int n = series.x.length;
    int from = 0;
    while (from < n) {
      int to = from;
      while (to < n && Double.isFinite(series.low[to]) && Double.isFinite(series.high[to])) {
        to++;
      }
      outline(outline, frame, series, from, to);
      from = to + 1;
    }
    graphics.setColor(
        new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_OPACITY));
    graphics.fill(outline);
  }

  /** A band's piece without a gap: there along the lower ends, and back along the upper ones. */
  private static void outline(Path2D outline, Frame frame, Series series, int from, int to) {
    for (int i = from; i < 2 * to - from; i++) {
      int at = i < to ? i : 2 * to - 1 - i;
      double y = frame.y((i < to ? series.low : series.high)[at]);
      if (i == from) {
        outline.moveTo(frame.x(series.x[at]), y);
      } else {
        outline.lineTo(frame.x(series.x[at]), y);
      }
    }
    if (to > from) {
      outline.closePath();
    }
  }

  private static void line(Graphics2D graphics, Frame frame, Series series, Color colour) {
    Path2D path = new Path2D.Double();
    boolean down = false;
    for (int i = 0; i < series.x.length; i++) {
      if (!Double.isFinite(series.y[i])) {
        down = false;
      } else if (!down) {
        down = true;
        path.moveTo(frame.x(series.x[i]), frame.y(series.y[i]));
      } else {
        path.lineTo(frame.x(series.x[i]), frame.y(series.y[i]));
      }
    }
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
  }

  /** Points, where all curves have few, and arrow heads at the frame where a curve is beyond it. */
  private void marks(Graphics2D graphics, Frame frame, Series series, Color colour) {
    boolean few = all.stream().allMatch(each -> each.x.length <= FEW);
    boolean inside = true;
    graphics.setColor(colour);
    for (int i = 0; i < series.x.length; i++) {
      boolean above = series.y[i] > frame.ys.max;
      boolean beyond = above || series.y[i] < frame.ys.min;
      if (beyond && (few || inside)) {
        graphics.fill(arrow(frame.x(series.x[i]), above ? frame.top : frame.bottom, above));
      } else if (few && Double.isFinite(series.y[i]) && !beyond) {
        double at = frame.y(series.y[i]);
        graphics.fill(
            new Ellipse2D.Double(frame.x(series.x[i]) - POINT, at - POINT, 2 * POINT, 2 * POINT));
      }
      inside = !beyond;
    }
  }

  private static Path2D arrow(double x, double tip, boolean up) {
    double base = tip + (up ? ARROW : -ARROW);
    Path2D head = new Path2D.Double();
    head.moveTo(x, tip);
    head.lineTo(x - ARROW * 0.6, base);
    head.lineTo(x + ARROW * 0.6, base);
    head.closePath();
    return head;
  }

  private static void dots(Graphics2D graphics, Frame frame, Series series, Color colour) {
    graphics.setColor(colour);
    for (int i = 0; i < series.x.length; i++) {
      graphics.fill(
          new Ellipse2D.Double(
              frame.x(series.x[i]) - POINT / 2, frame.y(series.y[i]) - POINT / 2, POINT, POINT));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Series(
      String name, double[] x, double[] y, double[] low, double[] high, boolean joined) {
    boolean leaves(Range range) {
      double margin = 1e-9 * (range.max - range.min);
      return Arrays.stream(y)
          .anyMatch(v -> Double.isFinite(v) && (v < range.min - margin || v > range.max + margin));
    }
  }

  /** Where the data lie on the picture. */
  private record Frame(Range xs, Range ys, int left, int top, int right, int bottom) {
    double x(double value) {
      return left + (value - xs.min) / (xs.max - xs.min) * (right - left);
    }

    /**
     * The same frame for values between two ends on each axis, with a margin.
     *
     * @param across least and greatest of the horizontal values
     * @param up of the vertical ones
     */
    Frame toOneScale(double[] across, double[] up) {
      double unit =
          Math.max(
              1e-9,
              MARGIN
                  * Math.max(
                      (across[1] - across[0]) / (right - left), (up[1] - up[0]) / (bottom - top)));
      return new Frame(
          Range.around((across[0] + across[1]) / 2, unit * (right - left)),
          Range.around((up[0] + up[1]) / 2, unit * (bottom - top)),
          left,
          top,
          right,
          bottom);
    }

    /** Not far outside of the picture: coordinates beyond an int's range are not clipped well. */
    double y(double value) {
      double share = (value - ys.min) / (ys.max - ys.min);
      return bottom - Math.max(-FARTHEST, Math.min(share, FARTHEST)) * (bottom - top);
    }
  }

  /** From where to where an axis goes, and how far its ticks are apart. */
  record Range(double min, double max, double step) {
    private static final int TICKS = 6;

    /** Larger values are beyond what a difference of two can hold. */
    private static final double LARGEST = 1e300;

    /** The values' range, widened to whole ticks of 1, 2 or 5 times a power of ten. */
    static Range of(List<double[]> values) {
      double[] finite =
          values.stream()
              .flatMapToDouble(Arrays::stream)
              .filter(Double::isFinite)
              .map(v -> Math.max(-LARGEST, Math.min(v, LARGEST)))
              .toArray();
      double low = Arrays.stream(finite).min().orElse(0);
      double high = Arrays.stream(finite).max().orElse(1);
      double span = high > low ? high - low : Math.max(1e-6, Math.abs(high));
      double step = step(span);
      return new Range(Math.floor(low / step) * step, Math.ceil((low + span) / step) * step, step);
    }

    /** From the one end to the other, unless they are the same. */
    static Range between(double[] ends) {
      return ends[1] > ends[0]
          ? new Range(ends[0], ends[1], step(ends[1] - ends[0]))
          : of(List.of(ends));
    }

    /** As long as that around a middle; its ends are no ticks. */
    static Range around(double middle, double span) {
      return new Range(middle - span / 2, middle + span / 2, step(span));
    }

    private static double step(double span) {
      double power = Math.pow(10, Math.floor(Math.log10(span / TICKS)));
      double step = 10 * power;
      for (double factor : new double[] {5, 2, 1}) {
        step = span / TICKS <= factor * power ? factor * power : step;
      }
      return step;
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      double first = Math.ceil(min / step - 1e-6);
      long last = Math.round(Math.floor(max / step + 1e-6) - first);
      for (long i = 0; i <= last; i++) {
        ticks.add((first + i) * step);
      }
      return ticks;
    }

    /** As many digits behind the point as the distance of the ticks asks for. */
    String name(double tick) {
      int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      boolean large = Math.max(Math.abs(min), Math.abs(max)) >= 1e7;
      String name =
          large
              ? String.format(Locale.ROOT, "%.1e", tick)
              : String.format(Locale.ROOT, "%,." + digits + "f", tick);
      return name.matches("-0[.0]*") ? name.substring(1) : name;
    }
  }
}
