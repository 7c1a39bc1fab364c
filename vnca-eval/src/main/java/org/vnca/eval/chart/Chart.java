package org.vnca.eval.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.Room;
import org.vnca.train.picture.TileSheet;
import org.vnca.train.picture.Typeface;

/** Curves with bands, or points, between axes, with a legend. */
public final class Chart implements Panel {
  private static final double TEXT = TileSheet.TEXT;
  private static final double PAD = 4;
  private static final double TICK = 3;
  private static final double LINE = 1.25;
  private static final double AXIS = 1;
  private static final double GRID = 0.5;
  private static final double BAND = 0.23;
  private static final double POINT = 1.9;
  private static final double DOT = 1.1;

  /** Curves of at most so many points show them. */
  private static final int FEW = 16;

  /** By how much a plane is larger than what its points take. */
  private static final double MARGIN = 1.05;

  /** How many heights of the frame away a point is drawn at most. */
  private static final double FARTHEST = 20;

  private static final double LEAST_HEIGHT = 90;

  private final String xLabel;
  private final String yLabel;
  private final double width;
  private final double height;
  private double[] include = {};
  private double tame = Double.POSITIVE_INFINITY;
  private boolean plane;
  private boolean shared;
  private final List<Series> all = new ArrayList<>();

  /**
   * A chart.
   *
   * @param xLabel what goes to the right, with its unit
   * @param yLabel what goes up, with its unit
   * @param width points of the frame and its labels where there is more room than it needs
   * @param height of the same
   */
  public Chart(String xLabel, String yLabel, double width, double height) {
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.width = width;
    this.height = height;
  }

  /** The vertical axis has these values, too. */
  public Chart including(double... values) {
    include = values.clone();
    return this;
  }

  /** The vertical axis is logarithmic if a curve goes beyond this value. */
  public Chart logarithmicAbove(double most) {
    tame = most;
    return this;
  }

  /** Both axes have one scale, and end a little beyond the values: for points of a plane. */
  public Chart plane() {
    plane = true;
    return this;
  }

  /** A chart below has the same legend, so that this one has none where it would stand below. */
  public Chart sharingLegend() {
    shared = true;
    return this;
  }

  /** Adds a curve. */
  public Chart curve(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, y, y, true));
    return this;
  }

  /** Adds a curve in a band. */
  public Chart curve(String name, double[] x, double[] y, double[] low, double[] high) {
    all.add(new Series(name, x, y, low, high, true));
    return this;
  }

  /** Adds points. */
  public Chart points(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, y, y, false));
    return this;
  }

  /** Whether the vertical axis is logarithmic. */
  public boolean logarithmic() {
    return values(Series::y).anyMatch(value -> value > tame && Double.isFinite(value));
  }

  /**
   * What is not seen of the curves, in a sentence for the caption that begins with the name of the
   * vertical axis; nothing if all is seen.
   */
  public Optional<String> missing() {
    Axis axis = vertical();
    List<String> parts = new ArrayList<>();
    String beyond = names(series -> series.leaves(axis));
    if (!beyond.isEmpty()) {
      parts.add("beyond the axis somewhere and not drawn there: " + beyond);
    }
    String lost = names(series -> !series.finite());
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

  private DoubleStream values(Function<Series, double[]> which) {
    return all.stream().map(which).flatMapToDouble(Arrays::stream);
  }

  private Axis vertical() {
    DoubleStream values =
        Stream.<Function<Series, double[]>>of(Series::y, Series::low, Series::high)
            .flatMapToDouble(this::values)
            .filter(Double::isFinite);
    if (logarithmic()) {
      DoubleSummaryStatistics found = values.filter(value -> value > 0).summaryStatistics();
      return Axis.logarithmic(found.getMin(), found.getMax());
    }
    DoubleSummaryStatistics found =
        DoubleStream.concat(values, DoubleStream.of(include)).summaryStatistics();
    return found.getCount() == 0
        ? Axis.enclosing(0, 1)
        : Axis.enclosing(found.getMin(), found.getMax());
  }

  private Axis horizontal() {
    double[] ends = span(Series::x);
    Axis axis = Axis.between(ends[0], ends[1]);
    return values(Series::x).allMatch(x -> x == Math.rint(x)) ? axis.whole() : axis;
  }

  /** Least and greatest. */
  private double[] span(Function<Series, double[]> which) {
    DoubleSummaryStatistics found = values(which).filter(Double::isFinite).summaryStatistics();
    return found.getCount() == 0
        ? new double[] {0, 1}
        : new double[] {found.getMin(), found.getMax()};
  }

  @Override
  public Drawing draw(Room room) {
    Legend legend = new Legend(all);
    boolean beside = !room.filled() || legend.width() < 0.3 * room.width();
    double wide = room.filled() ? room.width() - (beside ? legend.width() : 0) : width;
    // So high that the name of the vertical axis does not end in what is below.
    double least = Math.max(LEAST_HEIGHT, width(upName()) + TEXT);
    double high =
        room.filled() ? Math.max(least, height * Math.min(1, wide / width)) : height;
    Frame frame = frame(room, wide, high);
    Drawing.Builder drawing = new Drawing.Builder();
    axes(drawing, frame, room, wide);
    drawing.add(new Mark.Clipped(frame.box(0), data(frame)));
    drawing.add(new Mark.Clipped(frame.box(2 * POINT), points(frame)));
    if (beside) {
      drawing.place(legend.column(), frame.right() + 3 * PAD, frame.top());
      return drawing.of(
          room.filled() ? room.width() : wide + legend.width(),
          Math.max(high, frame.top() + legend.column().height()));
    }
    if (shared) {
      return drawing.of(room.width(), high);
    }
    Drawing rows = legend.rows(room.width());
    return drawing.place(rows, 0, high + PAD).of(room.width(), high + PAD + rows.height());
  }

  private Frame frame(Room room, double wide, double high) {
    double top = room.snapped(TEXT / 2 + 1);
    double bottom = room.snapped(high - 2 * TEXT - TICK - 3 * PAD);
    Axis up = vertical().ticked(Math.min(6, (int) ((bottom - top) / (2 * TEXT))));
    double numbers = up.ticks().stream().mapToDouble(tick -> width(up.label(tick))).max().orElse(0);
    double left = room.snapped(TEXT + 2 * PAD + numbers + TICK);
    Axis across = horizontal();
    double widest = widest(across);
    double right = room.snapped(wide - Math.max(PAD, widest / 2 + 1));
    Axis fitted = across.ticked(Math.max(1, Math.min(6, (int) ((right - left) / (widest + TEXT)))));
    Frame frame = new Frame(fitted, up, left, top, right, bottom);
    return plane ? frame.toOneScale(span(Series::x), span(Series::y)) : frame;
  }

  private static double widest(Axis axis) {
    return axis.ticks().stream().mapToDouble(tick -> width(axis.label(tick))).max().orElse(0);
  }

  private void axes(Drawing.Builder drawing, Frame frame, Room room, double wide) {
    for (double tick : frame.across().ticks()) {
      double at = frame.x(tick);
      double line = room.snapped(at - GRID / 2);
      drawing.add(
          new Mark.Box(line, frame.top(), GRID, frame.bottom() + TICK - frame.top(), Ink.PALE));
      drawing.add(
          text(
              frame.across().label(tick),
              at,
              frame.bottom() + TICK + 1 + TEXT,
              Mark.Side.MIDDLE,
              false));
    }
    for (double tick : frame.up().ticks()) {
      double at = frame.y(tick);
      drawing.add(
          new Mark.Box(
              frame.left() - TICK,
              room.snapped(at - GRID / 2),
              frame.right() - frame.left() + TICK,
              GRID,
              Ink.PALE));
      drawing.add(
          text(
              frame.up().label(tick),
              frame.left() - TICK - 2,
              at + Typeface.SANS.capitals(TEXT) / 2,
              Mark.Side.END,
              false));
    }
    drawing.add(
        new Mark.Box(
            frame.left() - AXIS / 2, frame.top(), AXIS, frame.bottom() - frame.top(), Ink.BLACK));
    drawing.add(
        new Mark.Box(
            frame.left() - AXIS / 2,
            frame.bottom() - AXIS / 2,
            frame.right() - frame.left() + AXIS / 2,
            AXIS,
            Ink.BLACK));
    drawing.add(
        text(
            xLabel,
            between(width(xLabel), (frame.left() + frame.right()) / 2, wide),
            frame.bottom() + TICK + PAD + 2 * TEXT,
            Mark.Side.MIDDLE,
            false));
    String up = upName();
    drawing.add(
        text(
            up,
            TEXT,
            between(width(up), (frame.top() + frame.bottom()) / 2, frame.bottom() + 2.5 * TEXT),
            Mark.Side.MIDDLE,
            true));
  }

  private String upName() {
    return logarithmic() ? yLabel + " (log scale)" : yLabel;
  }

  /** The middle of a name: that of the frame, unless the name would leave the chart. */
  private static double between(double length, double middle, double end) {
    return Math.max(length / 2, Math.min(middle, end - length / 2));
  }

  /** The first lie on top. */
  private List<Mark> data(Frame frame) {
    List<Mark> marks = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).joined()) {
        Curves curves = new Curves(frame, all.get(i), i);
        curves.band(BAND, marks);
        curves.line(LINE, marks);
      }
    }
    return marks;
  }

  /** All points, of which those on the frame's edge are seen whole; of curves only a few. */
  private List<Mark> points(Frame frame) {
    List<Mark> marks = new ArrayList<>();
    boolean few = all.stream().allMatch(each -> each.x().length <= FEW);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (few || !all.get(i).joined()) {
        new Curves(frame, all.get(i), i).points(all.get(i).joined() ? POINT : DOT, marks);
      }
    }
    return marks;
  }

  static double width(String text) {
    return Typeface.SANS.width(text, TEXT);
  }

  static Mark.Text text(String words, double x, double y, Mark.Side side, boolean upwards) {
    return new Mark.Text(words, x, y, TEXT, side, upwards, Ink.BLACK);
  }

  /**
   * Where the data lie on the drawing.
   *
   * @param across the horizontal axis
   * @param up the vertical axis
   */
  record Frame(Axis across, Axis up, double left, double top, double right, double bottom) {
    double x(double value) {
      return left + across.share(value) * (right - left);
    }

    /** Not far outside of the drawing: no program clips coordinates beyond all measure well. */
    double y(double value) {
      return bottom - Math.max(-FARTHEST, Math.min(up.share(value), FARTHEST)) * (bottom - top);
    }

    /** The frame, and so much more on all sides. */
    Mark.Box box(double more) {
      return new Mark.Box(
          left - more, top - more, right - left + 2 * more, bottom - top + 2 * more, Ink.BLACK);
    }

    /**
     * The same frame for values between two ends on each axis, with a margin.
     *
     * @param xs least and greatest of the horizontal values
     * @param ys of the vertical ones
     */
    Frame toOneScale(double[] xs, double[] ys) {
      double unit =
          Math.max(
              1e-9,
              MARGIN
                  * Math.max((xs[1] - xs[0]) / (right - left), (ys[1] - ys[0]) / (bottom - top)));
      return new Frame(
          Axis.centred((xs[0] + xs[1]) / 2, unit * (right - left)),
          Axis.centred((ys[0] + ys[1]) / 2, unit * (bottom - top)),
          left,
          top,
          right,
          bottom);
    }
  }
}
