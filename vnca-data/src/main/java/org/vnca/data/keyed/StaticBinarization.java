package org.vnca.data.keyed;

/**
 * Turns grey images into binary ones, once and for all: a pixel is 1 with probability grey / 255,
 * drawn by a key, the image's number and the pixel's number alone. Images so drawn do not depend on
 * the order in which they are read, nor on which others are.
 */
public final class StaticBinarization {
  private static final double WHITE = 255;

  private final long key;

  /**
   * A binarization.
   *
   * @param seed chosen by the user
   * @param part tells apart files that are binarized with one seed
   */
  public StaticBinarization(long seed, int part) {
    this.key = KeyedMix.derive(seed, part);
  }

  /**
   * Draws an image in place.
   *
   * @param index the image's number in its file
   * @param image grey, uint8; afterwards 0 or 1
   */
  public void apply(int index, byte[] image) {
    long imageKey = KeyedMix.derive(key, index);
    for (int i = 0; i < image.length; i++) {
      boolean ink = KeyedMix.uniform(imageKey, i) * WHITE < (image[i] & 0xFF);
      image[i] = (byte) (ink ? 1 : 0);
    }
  }
}
