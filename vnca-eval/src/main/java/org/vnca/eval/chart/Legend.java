package org.vnca.eval.chart;

import java.util.List;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.TileSheet;

/** What the curves are called. */
final class Legend {
  private static final double SAMPLE = 14;
  private static final double PAD = 5;
  private static final double ROW = 1.5 * TileSheet.TEXT;
  private static final double BETWEEN = 12;

  private final List<Series> all;

  Legend(List<Series> all) {
    this.all = all;
  }

  /** How wide {@link #column} is, with the gap before it. */
  double width() {
    return BETWEEN + all.stream().mapToDouble(Legend::width).max().orElse(0);
  }

  private static double width(Series series) {
    return SAMPLE + PAD + Chart.width(series.name());
  }

  /** One below the other. */
  Drawing column() {
    Drawing.Builder drawing = new Drawing.Builder();
    for (int i = 0; i < all.size(); i++) {
      entry(drawing, i, 0, i * ROW);
    }
    return drawing.of(width(), Math.max(1, all.size()) * ROW);
  }

  /** Beside each other, in as many rows as they need. */
  Drawing rows(double room) {
    Drawing.Builder drawing = new Drawing.Builder();
    double left = 0;
    double top = 0;
    for (int i = 0; i < all.size(); i++) {
      if (left > 0 && left + width(all.get(i)) > room) {
        left = 0;
        top += ROW;
      }
      entry(drawing, i, left, top);
      left += width(all.get(i)) + BETWEEN;
    }
    return drawing.of(room, top + ROW);
  }

  private void entry(Drawing.Builder drawing, int number, double left, double top) {
    double middle = top + ROW / 2;
    if (all.get(number).joined()) {
      drawing.add(
          new Mark.Line(
              new double[] {left + 1, middle, left + SAMPLE - 1, middle},
              2,
              Curves.dashes(number),
              Palette.ink(number)));
    } else {
      drawing.add(Curves.point(left + SAMPLE / 2, middle, 2.5, number));
    }
    drawing.add(
        Chart.text(
            all.get(number).name(),
            left + SAMPLE + PAD,
            middle + 0.344 * TileSheet.TEXT,
            Mark.Side.START,
            false));
  }
}
