package org.vnca.data;

/**
 * The shape of a split's images, {@code [N, H, W, C]}.
 *
 * @param images N, at least 1
 * @param height H, rows
 * @param width W, columns
 * @param channels C, 1 to 4
 */
public record ImageShape(int images, int height, int width, int channels) {
  private static final int MOST_CHANNELS = 4;

  public ImageShape {
    if (images < 1 || height < 1 || width < 1 || channels < 1 || channels > MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "images must be [N, height, width, channels] with 1 to %d channels, but are %s"
              .formatted(MOST_CHANNELS, text(images, height, width, channels)));
    }
    if ((long) height * width * channels > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "an image must fit into one array, but is " + text(images, height, width, channels));
    }
  }

  /** Bytes of one image: height x width x channels. */
  public int imageBytes() {
    return height * width * channels;
  }

  /** Whether an image of the other has as many rows, columns and channels. */
  boolean sameImageAs(ImageShape other) {
    return height == other.height && width == other.width && channels == other.channels;
  }

  @Override
  public String toString() {
    return text(images, height, width, channels);
  }

  private static String text(int images, int height, int width, int channels) {
    return "[%d, %d, %d, %d]".formatted(images, height, width, channels);
  }
}
