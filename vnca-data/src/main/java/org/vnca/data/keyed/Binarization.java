package org.vnca.data.keyed;

/**
 * Turns grey images into binary ones: a pixel is 1 with probability grey / 255, drawn by a key, the
 * image's number and the pixel's number alone. Images so drawn do not depend on the order in which
 * they are read, nor on which others are.
 */
public final class Binarization {
  private static final double WHITE = 255;

  private final long key;

  /**
   * A binarization.
   *
   * @param seed chosen by the user
   * @param part tells apart draws with one seed, such as those of several files
   */
  public Binarization(long seed, long part) {
    this.key = KeyedMix.derive(seed, part);
  }

  /**
   * Draws an image in place.
   *
   * @param index the image's number in its file
   * @param image grey, uint8; afterwards 0 or 1
   */
  public void apply(int index, byte[] image) {
    apply(index, image, 0, image.length);
  }

  /**
   * Draws an image in place among others.
   *
   * @param index the image's number in its file
   * @param images grey, uint8; those of the image are 0 or 1 afterwards
   * @param from its first byte
   * @param length how many it has
   */
  public void apply(int index, byte[] images, int from, int length) {
    long imageKey = KeyedMix.derive(key, index);
    for (int i = 0; i < length; i++) {
      boolean ink = KeyedMix.uniform(imageKey, i) * WHITE < (images[from + i] & 0xFF);
      images[from + i] = (byte) (ink ? 1 : 0);
    }
  }
}
