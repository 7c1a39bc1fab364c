package org.vnca.eval.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import org.vnca.train.picture.PixelFont;

/** A white picture to draw and to write on. */
final class Ink implements AutoCloseable {
  static final Color BLACK = new Color(0x20, 0x20, 0x20);
  static final Color GREY = new Color(0x70, 0x70, 0x70);
  static final Color PALE = new Color(0xe0, 0xe0, 0xe0);
  static final PixelFont TEXT = new PixelFont(2);
  static final PixelFont TITLE = new PixelFont(3);

  private final BufferedImage picture;
  private final Graphics2D graphics;

  Ink(int width, int height) {
    picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  BufferedImage picture() {
    return picture;
  }

  Graphics2D graphics() {
    return graphics;
  }

  /** Writes with the upper left corner there. */
  void write(String text, int left, int top, PixelFont font, Color colour) {
    font.draw(graphics, text, left, top, colour);
  }

  /** Writes around a middle. */
  void writeCentred(String text, int middle, int top) {
    write(text, middle - TEXT.width(text) / 2, top, TEXT, BLACK);
  }

  /** Writes up to a right edge, around a height. */
  void writeBefore(String text, int right, int middle) {
    write(text, right - TEXT.width(text), middle - TEXT.height() / 2, TEXT, BLACK);
  }

  /** Writes from the bottom to the top, around a middle. */
  void writeUpwards(String text, int left, int middle) {
    AffineTransform before = graphics.getTransform();
    graphics.rotate(-Math.PI / 2);
    write(text, -middle - TEXT.width(text) / 2, left, TEXT, BLACK);
    graphics.setTransform(before);
  }

  /** A straight line. */
  void line(double x0, double y0, double x1, double y1, float width, Color colour) {
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(width));
    graphics.draw(new Line2D.Double(x0, y0, x1, y1));
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
