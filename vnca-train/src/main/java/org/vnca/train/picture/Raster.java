package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A drawing as pixels, on white. Edges are smooth; the pixels of tiles are not. Everything is plain
 * arithmetic on doubles: the same drawing has the same pixels on every machine and in every Java.
 */
public final class Raster implements Canvas, Pixels {
  private static final int WHITE = 0xffffff;

  /** Lines of samples in a row of pixels; along a line the share of a pixel is exact. */
  private static final int LINES = 8;

  private static final int CORNERS = 24;

  /** Beyond this, what is drawn is cut off before it is counted in lines. */
  private static final double FAR = 1e5;

  private final double scale;
  private final int width;
  private final int height;
  private final int[] pixels;
  private int clipLeft;
  private int clipTop;
  private int clipRight;
  private int clipBottom;

  private Raster(Drawing drawing, double scale) {
    this.scale = scale;
    this.width = (int) Math.max(1, Math.round(drawing.width() * scale));
    this.height = (int) Math.max(1, Math.round(drawing.height() * scale));
    this.pixels = new int[Math.multiplyExact(width, height)];
    Arrays.fill(pixels, WHITE);
    clipRight = width;
    clipBottom = height;
  }

  /**
   * Draws.
   *
   * @param scale pixels to a point
   */
  public static Raster of(Drawing drawing, double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("a raster needs a scale above 0, but has " + scale);
    }
    Raster raster = new Raster(drawing, scale);
    drawing.onto(raster);
    return raster;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int rgb(int x, int y) {
    return pixels[y * width + x];
  }

  /** As Java's own kind of image. */
  public BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, pixels, 0, width);
    return image;
  }

  @Override
  public void box(Mark.Box box) {
    double right = box.left() + box.width();
    double bottom = box.top() + box.height();
    fill(
        List.of(
            new double[] {
              box.left(), box.top(), right, box.top(), right, bottom, box.left(), bottom
            }),
        box.ink());
  }

  @Override
  public void area(Mark.Area area) {
    fill(area.contours(), area.ink());
  }

  /** Straight pieces and a disc at each point, all wound the same way, filled as one. */
  @Override
  public void line(Mark.Line line) {
    List<double[]> contours = new ArrayList<>();
    double half = line.width() / 2;
    for (double[] points : Dashes.of(line.points(), line.dashes())) {
      for (int i = 0; i < points.length; i += 2) {
        contours.add(circle(points[i], points[i + 1], half));
        if (i >= 2) {
          piece(points[i - 2], points[i - 1], points[i], points[i + 1], half, contours);
        }
      }
    }
    fill(contours, line.ink());
  }

  private static void piece(
      double x0, double y0, double x1, double y1, double half, List<double[]> contours) {
    double length = Math.hypot(x1 - x0, y1 - y0);
    if (length > 0) {
      double dx = (x1 - x0) / length * half;
      double dy = (y1 - y0) / length * half;
      contours.add(
          new double[] {x0 + dy, y0 - dx, x1 + dy, y1 - dx, x1 - dy, y1 + dx, x0 - dy, y0 + dx});
    }
  }

  @Override
  public void disc(Mark.Disc disc) {
    fill(List.of(circle(disc.x(), disc.y(), disc.radius())), disc.ink());
  }

  private static double[] circle(double x, double y, double radius) {
    double[] points = new double[2 * CORNERS];
    for (int i = 0; i < CORNERS; i++) {
      // Java promises the same sine on every machine only of StrictMath.
      double angle = 2 * Math.PI * i / CORNERS;
      points[2 * i] = x + radius * StrictMath.cos(angle);
      points[2 * i + 1] = y + radius * StrictMath.sin(angle);
    }
    return points;
  }

  @Override
  public void text(Mark.Text text) {
    List<double[]> contours = new ArrayList<>();
    for (double[] outline : Typeface.SANS.outlines(text.words(), text.size())) {
      double[] placed = new double[outline.length];
      for (int i = 0; i < outline.length; i += 2) {
        double along = outline[i] - text.before();
        double below = outline[i + 1];
        placed[i] = text.upwards() ? text.x() + below : text.x() + along;
        placed[i + 1] = text.upwards() ? text.y() - along : text.y() + below;
      }
      contours.add(placed);
    }
    fill(contours, text.ink());
  }

  @Override
  public void tile(Mark.Tile tile) {
    PixelImage image = tile.image();
    int left = (int) Math.round(tile.left() * scale);
    int top = (int) Math.round(tile.top() * scale);
    int wide = (int) Math.round(tile.width() * scale);
    int high = (int) Math.round(tile.height() * scale);
    for (int y = Math.max(0, clipTop - top); y < Math.min(high, clipBottom - top); y++) {
      int row = (int) ((2L * y + 1) * image.height() / (2L * high));
      for (int x = Math.max(0, clipLeft - left); x < Math.min(wide, clipRight - left); x++) {
        int column = (int) ((2L * x + 1) * image.width() / (2L * wide));
        pixels[(top + y) * width + left + x] = image.rgb(column, row);
      }
    }
  }

  @Override
  public void clipped(Mark.Clipped clipped) {
    int[] before = {clipLeft, clipTop, clipRight, clipBottom};
    Mark.Box frame = clipped.frame();
    clipLeft = Math.max(clipLeft, (int) Math.round(frame.left() * scale));
    clipTop = Math.max(clipTop, (int) Math.round(frame.top() * scale));
    clipRight = Math.min(clipRight, (int) Math.round((frame.left() + frame.width()) * scale));
    clipBottom = Math.min(clipBottom, (int) Math.round((frame.top() + frame.height()) * scale));
    clipped.marks().forEach(mark -> mark.onto(this));
    clipLeft = before[0];
    clipTop = before[1];
    clipRight = before[2];
    clipBottom = before[3];
  }

  private void fill(List<double[]> contours, Ink ink) {
    Bounds bounds = bounds(contours);
    int left = Math.max(clipLeft, bounds.left);
    int right = Math.min(clipRight, bounds.right);
    int top = Math.max(clipTop, bounds.top);
    int bottom = Math.min(clipBottom, bounds.bottom);
    if (left >= right || top >= bottom) {
      return;
    }
    Edges edges = new Edges(top * LINES, bottom * LINES);
    for (double[] contour : contours) {
      int n = contour.length;
      for (int i = 0; i < n; i += 2) {
        edges.add(
            place(contour[i]),
            place(contour[i + 1]) * LINES,
            place(contour[(i + 2) % n]),
            place(contour[(i + 3) % n]) * LINES);
      }
    }
    double[] covered = new double[right - left];
    for (int y = top; y < bottom; y++) {
      Arrays.fill(covered, 0);
      for (int line = y * LINES; line < (y + 1) * LINES; line++) {
        edges.spans(line, (from, to) -> cover(covered, from - left, to - left));
      }
      for (int x = left; x < right; x++) {
        if (covered[x - left] > 0) {
          double share = Math.min(1, covered[x - left]) * ink.opacity();
          pixels[y * width + x] = mixed(pixels[y * width + x], ink.rgb(), share);
        }
      }
    }
  }

  /** The pixels that contours touch at most. */
  private Bounds bounds(List<double[]> contours) {
    double left = FAR;
    double right = -FAR;
    double top = FAR;
    double bottom = -FAR;
    for (double[] contour : contours) {
      for (int i = 0; i < contour.length; i += 2) {
        left = Math.min(left, place(contour[i]));
        right = Math.max(right, place(contour[i]));
        top = Math.min(top, place(contour[i + 1]));
        bottom = Math.max(bottom, place(contour[i + 1]));
      }
    }
    return new Bounds(
        (int) Math.floor(left),
        (int) Math.floor(top),
        (int) Math.ceil(right),
        (int) Math.ceil(bottom));
  }

  private double place(double point) {
    return Math.max(-FAR, Math.min(point * scale, FAR));
  }

  /** Adds a line's share of the pixels from one place to another. */
  private static void cover(double[] covered, double from, double to) {
    double left = Math.max(0, from);
    double right = Math.min(covered.length, to);
    if (right <= left) {
      return;
    }
    int first = (int) left;
    int last = (int) right;
    if (first == last) {
      covered[first] += (right - left) / LINES;
      return;
    }
    covered[first] += (first + 1 - left) / LINES;
    for (int x = first + 1; x < last; x++) {
      covered[x] += 1.0 / LINES;
    }
    if (last < covered.length) {
      covered[last] += (right - last) / LINES;
    }
  }

  private static int mixed(int below, int above, double share) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int old = below >> shift & 0xff;
      int added = above >> shift & 0xff;
      mixed |= (int) Math.round(old + (added - old) * share) << shift;
    }
    return mixed;
  }

  private record Bounds(int left, int top, int right, int bottom) {}
}
