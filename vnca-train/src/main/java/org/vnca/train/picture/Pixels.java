package org.vnca.train.picture;

/** Pixels in rows. */
interface Pixels {
  /** Pixels from left to right. */
  int width();

  /** Pixels from top to bottom. */
  int height();

  /**
   * A pixel, {@code 0xrrggbb}.
   *
   * @param x from the left, from 0
   * @param y from the top, from 0
   */
  int rgb(int x, int y);

  /** Whether all are grey. */
  default boolean grey() {
    for (int y = 0; y < height(); y++) {
      for (int x = 0; x < width(); x++) {
        int rgb = rgb(x, y);
        if ((rgb & 0xff) != (rgb >> 8 & 0xff) || (rgb & 0xff) != (rgb >> 16 & 0xff)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The samples row by row, a byte each.
   *
   * @param channels 1 for grey ones, else 3
   */
  default byte[] samples(int channels) {
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width(), height()), channels)];
    int at = 0;
    for (int y = 0; y < height(); y++) {
      for (int x = 0; x < width(); x++) {
        int rgb = rgb(x, y);
        for (int shift = 8 * (channels - 1); shift >= 0; shift -= 8) {
          samples[at++] = (byte) (rgb >> shift);
        }
      }
    }
    return samples;
  }
}
