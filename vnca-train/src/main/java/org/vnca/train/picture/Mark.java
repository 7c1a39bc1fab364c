package org.vnca.train.picture;

import java.util.Arrays;
import java.util.List;

/**
 * One thing on a drawing. All lengths are points (1/72 inch); x goes to the right and y down from
 * the drawing's upper left corner.
 */
public sealed interface Mark {
  /** The same thing elsewhere. */
  Mark moved(double x, double y);

  /** Draws it. */
  void onto(Canvas canvas);

  /** A rectangle that is filled. */
  record Box(double left, double top, double width, double height, Ink ink) implements Mark {
    @Override
    public Box moved(double x, double y) {
      return new Box(left + x, top + y, width, height, ink);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.box(this);
    }
  }

  /**
   * An area between straight edges, filled where the contours wind around a point at all.
   *
   * @param contours each closed: x and y of its corners in turn
   */
  record Area(List<double[]> contours, Ink ink) implements Mark {
    public Area {
      contours = List.copyOf(contours);
    }

    @Override
    public Area moved(double x, double y) {
      return new Area(contours.stream().map(contour -> shifted(contour, x, y)).toList(), ink);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.area(this);
    }
  }

  /**
   * A line through points, with round ends and corners.
   *
   * @param points x and y in turn
   * @param dashes lengths of ink and gap in turn; empty for a solid line
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Line(double[] points, double width, List<Double> dashes, Ink ink) implements Mark {
    public Line {
      dashes = List.copyOf(dashes);
    }

    @Override
    public Line moved(double x, double y) {
      return new Line(shifted(points, x, y), width, dashes, ink);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.line(this);
    }
  }

  /** A filled circle. */
  record Disc(double x, double y, double radius, Ink ink) implements Mark {
    @Override
    public Disc moved(double dx, double dy) {
      return new Disc(x + dx, y + dy, radius, ink);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.disc(this);
    }
  }

  /** Where a text lies from its point. */
  enum Side {
    /** It begins there. */
    START,
    /** Its middle is there. */
    MIDDLE,
    /** It ends there. */
    END
  }

  /**
   * Words on a line.
   *
   * @param words letters that {@link Typeface} lacks become "?"
   * @param x of the point on the base line
   * @param y of that point
   * @param size of the type
   * @param side where the words lie from the point
   * @param upwards whether they go from the bottom to the top
   */
  record Text(String words, double x, double y, double size, Side side, boolean upwards, Ink ink)
      implements Mark {
    public Text {
      words = Typeface.SANS.writable(words);
    }

    /** How long the words are. */
    public double length() {
      return Typeface.SANS.width(words, size);
    }

    /** How far before the point the words begin. */
    double before() {
      return switch (side) {
        case START -> 0;
        case MIDDLE -> length() / 2;
        case END -> length();
      };
    }

    /** What the words cover at most: left, top, right and bottom. */
    public double[] covered() {
      double ascent = Typeface.SANS.ascent(size);
      double descent = Typeface.SANS.descent(size);
      return upwards
          ? new double[] {x - ascent, y + before() - length(), x + descent, y + before()}
          : new double[] {x - before(), y - ascent, x - before() + length(), y + descent};
    }

    @Override
    public Text moved(double dx, double dy) {
      return new Text(words, x + dx, y + dy, size, side, upwards, ink);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.text(this);
    }
  }

  /** An image whose pixels are shown as they are, each a rectangle. */
  record Tile(PixelImage image, double left, double top, double width, double height)
      implements Mark {
    @Override
    public Tile moved(double x, double y) {
      return new Tile(image, left + x, top + y, width, height);
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.tile(this);
    }
  }

  /**
   * Marks of which only what lies in a frame is seen.
   *
   * @param frame its ink is not used
   */
  record Clipped(Box frame, List<Mark> marks) implements Mark {
    public Clipped {
      marks = List.copyOf(marks);
    }

    @Override
    public Clipped moved(double x, double y) {
      return new Clipped(frame.moved(x, y), marks.stream().map(mark -> mark.moved(x, y)).toList());
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.clipped(this);
    }
  }

  /** Marks that are one thing, which a reader that points at it is told the name of. */
  record Named(String name, List<Mark> marks) implements Mark {
    public Named {
      marks = List.copyOf(marks);
    }

    @Override
    public Named moved(double x, double y) {
      return new Named(name, marks.stream().map(mark -> mark.moved(x, y)).toList());
    }

    @Override
    public void onto(Canvas canvas) {
      canvas.named(this);
    }
  }

  private static double[] shifted(double[] points, double x, double y) {
    double[] moved = new double[points.length];
    Arrays.setAll(moved, i -> points[i] + (i % 2 == 0 ? x : y));
    return moved;
  }
}
