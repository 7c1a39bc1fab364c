package org.vnca.train.picture;

import org.vnca.base.image.ImageShape;

/**
 * How tiles are laid on a sheet.
 *
 * @param zoom the side, in pixels of the sheet, of the square that shows one pixel of an image
 * @param gap pixels between tiles and around them, in mid-grey, so that the edges of dark and of
 *     bright tiles can be seen
 */
public record Tiling(int zoom, int gap) {
  private static final int USUAL_SIDE = 96;
  private static final int USUAL_GAP = 2;

  public Tiling {
    if (zoom < 1 || gap < 0) {
      throw new IllegalArgumentException(
          "a tiling needs zoom >= 1 and gap >= 0, but zoom is " + zoom + " and gap is " + gap);
    }
  }

  /** The zoom that brings an image's longer side to about 96 pixels: 3 for 28 and 32, 2 for 64. */
  public static Tiling fit(ImageShape shape) {
    int side = Math.max(shape.height(), shape.width());
    return new Tiling((int) Math.max(1, Math.round((double) USUAL_SIDE / side)), USUAL_GAP);
  }
}
