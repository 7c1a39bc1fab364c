package org.vnca.base.image;

/**
 * Shape of one image, channels last.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 for grey or binary, 3 for RGB
 */
public record ImageShape(int height, int width, int channels) {
  /** The longest array that a JVM surely makes. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  public ImageShape {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "an image must have rows, columns and channels, but is " + text(height, width, channels));
    }
    if (Math.multiplyHigh((long) height * width, channels) != 0
        || (long) height * width * channels > LONGEST) {
      throw new IllegalArgumentException(
          "an image must fit into one array, but is " + text(height, width, channels));
    }
  }

  /** Values per image: its bytes as stored, and the D of bits per dimension. */
  public int dimensions() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return text(height, width, channels);
  }

  private static String text(int height, int width, int channels) {
    return height + "x" + width + "x" + channels;
  }
}
