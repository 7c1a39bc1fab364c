package org.vnca.train.picture;

import org.vnca.graph.spec.InvalidSetting;

/**
 * How much room a picture has.
 *
 * @param width points that it may be wide
 * @param filled whether it is exactly that wide, tiles as large as that makes them; else tiles have
 *     a size that is good to look at, and the picture is wider where it must be
 */
public record Room(double width, boolean filled) {
  private static final double POINTS_OF_A_MILLIMETRE = 72 / 25.4;
  private static final int LEAST = 20;
  private static final int MOST = 2000;
  private static final double ON_A_SCREEN = 600;

  /** Half points are whole pixels on a screen. */
  private static final double PIXELS = 2;

  private static final double PRINTED = 300 / 72.0;

  public Room {
    if (!(width > 0)) {
      throw new IllegalArgumentException("a picture needs room, but has " + width + " points");
    }
  }

  /** As wide as is good to look at, two pixels to a point. */
  public static Room free() {
    return new Room(ON_A_SCREEN, false);
  }

  /**
   * As wide as a column or a page of a paper, 300 pixels to an inch or more.
   *
   * @param width millimetres, 20 to 2,000
   * @throws InvalidSetting if it is less or more
   */
  public static Room millimetres(double width) {
    if (!(width >= LEAST && width <= MOST)) {
      throw new InvalidSetting("width", "must be from " + LEAST + " to " + MOST + " mm", width);
    }
    return new Room(width * POINTS_OF_A_MILLIMETRE, true);
  }

  /** What is left between margins. */
  public Room within(double margins) {
    return new Room(Math.max(1, width - margins), filled);
  }

  /** Pixels to a point, where a PNG is made of it; more where tiles need them. */
  public double resolution() {
    return filled ? PRINTED : PIXELS;
  }

  /** A place near by that is between two pixels, where that is known. */
  public double snapped(double place) {
    return filled ? place : Math.round(place * PIXELS) / PIXELS;
  }
}
