package org.vnca.train.picture;

/**
 * What something is drawn with.
 *
 * @param rgb the colour, {@code 0xrrggbb}
 * @param opacity from 0, which is not seen, to 1
 */
public record Ink(int rgb, double opacity) {
  /** Letters and axes. */
  public static final Ink BLACK = new Ink(0x202020);

  /** Captions. */
  public static final Ink GREY = new Ink(0x606060);

  /** Lines behind the data. */
  public static final Ink PALE = new Ink(0xe0e0e0);

  /** Frames around what is pointed out. */
  public static final Ink MARK = new Ink(0xe69f00);

  public Ink {
    if (rgb < 0 || rgb > 0xffffff || !(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException(
          "an ink needs a colour from 0 to 0xffffff and an opacity from 0 to 1, but has "
              + Integer.toHexString(rgb)
              + " and "
              + opacity);
    }
  }

  /** A colour that hides what is below. */
  public Ink(int rgb) {
    this(rgb, 1);
  }

  /** The same colour, through which what is below is seen. */
  public Ink through(double opacity) {
    return new Ink(rgb, opacity);
  }

  /** The colour as CSS writes it. */
  public String css() {
    return String.format("#%06x", rgb);
  }
}
