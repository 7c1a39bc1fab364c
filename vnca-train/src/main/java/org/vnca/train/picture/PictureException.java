package org.vnca.train.picture;

import org.vnca.base.fault.ForPeople;

/** A picture that cannot be made or written. */
public final class PictureException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** The longest side of a page of a PDF, 200 inches. */
  private static final double LONGEST_POINTS = 14_400;

  private static final long MOST_PIXELS = 1L << 29;

  /** With a message of one line. */
  public PictureException(String message) {
    super(message);
  }

  /** With a message of one line, and what it comes from. */
  public PictureException(String message, Throwable cause) {
    super(message, cause);
  }

  static void requirePdf(Drawing drawing) {
    if (Math.max(drawing.width(), drawing.height()) > LONGEST_POINTS) {
      throw new PictureException(
          "a page of a PDF is at most 5,080 mm long, but this one would be %,.0f x %,.0f mm; give a smaller --count or --width, or make a PNG"
              .formatted(drawing.width() * 25.4 / 72, drawing.height() * 25.4 / 72));
    }
  }

  static void requirePixels(Drawing drawing, double scale) {
    double pixels = drawing.width() * scale * drawing.height() * scale;
    if (pixels > MOST_PIXELS) {
      throw new PictureException(
          "a PNG has at most %,d pixels here, but this one would have %,.0f; give a smaller --count or --width"
              .formatted(MOST_PIXELS, pixels));
    }
  }
}
