package org.vnca.train.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is drawn, before it is a PNG, SVG or PDF. Lengths are points (1/72 inch).
 *
 * @param marks in the order in which they are drawn
 */
public record Drawing(double width, double height, List<Mark> marks) {
  public Drawing {
    if (!(width > 0 && width < MOST && height > 0 && height < MOST)) {
      throw new IllegalArgumentException(
          "a drawing needs a width and a height above 0 and below %.0f points, but has %s and %s"
              .formatted(MOST, width, height));
    }
    marks = List.copyOf(marks);
  }

  private static final double MOST = 1e6;

  /** All texts, those of clipped marks too. */
  public List<Mark.Text> texts() {
    return flat().filter(Mark.Text.class::isInstance).map(Mark.Text.class::cast).toList();
  }

  /** All tiles. */
  public List<Mark.Tile> tiles() {
    return flat().filter(Mark.Tile.class::isInstance).map(Mark.Tile.class::cast).toList();
  }

  private Stream<Mark> flat() {
    return marks.stream().flatMap(Drawing::flat);
  }

  private static Stream<Mark> flat(Mark mark) {
    if (mark instanceof Mark.Named named) {
      return named.marks().stream().flatMap(Drawing::flat);
    }
    return mark instanceof Mark.Clipped clipped
        ? clipped.marks().stream().flatMap(Drawing::flat)
        : Stream.of(mark);
  }

  /** The same with white around it. */
  public Drawing within(double margin) {
    return new Builder().place(this, margin, margin).of(width + 2 * margin, height + 2 * margin);
  }

  void onto(Canvas canvas) {
    marks.forEach(mark -> mark.onto(canvas));
  }

  /** Collects marks. */
  public static final class Builder {
    private final List<Mark> marks = new ArrayList<>();

    /** Adds a mark above all others. */
    public Builder add(Mark mark) {
      marks.add(mark);
      return this;
    }

    /** Adds all that another drawing has, with its upper left corner there. */
    public Builder place(Drawing drawing, double left, double top) {
      drawing.marks.forEach(mark -> marks.add(mark.moved(left, top)));
      return this;
    }

    /** The drawing. */
    public Drawing of(double width, double height) {
      return new Drawing(width, height, marks);
    }
  }
}
