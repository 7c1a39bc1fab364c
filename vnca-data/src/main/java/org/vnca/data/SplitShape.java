package org.vnca.data;

import org.vnca.base.image.ImageShape;

/**
 * The shape of a split's images, {@code [N, H, W, C]}.
 *
 * @param images N, at least 1
 * @param image of each, with 1 to 4 channels
 */
public record SplitShape(int images, ImageShape image) {
  private static final int MOST_CHANNELS = 4;

  public SplitShape {
    require(images, image.height(), image.width(), image.channels());
  }

  /**
   * The shape of some images.
   *
   * @param images N, at least 1
   * @param height H, rows
   * @param width W, columns
   * @param channels C, 1 to 4
   * @throws IllegalArgumentException if there can be no such images
   */
  public static SplitShape of(int images, int height, int width, int channels) {
    require(images, height, width, channels);
    return new SplitShape(images, new ImageShape(height, width, channels));
  }

  private static void require(int images, int height, int width, int channels) {
    if (images < 1 || height < 1 || width < 1 || channels < 1 || channels > MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "images must be [N, height, width, channels] with 1 to %d channels, but are %s"
              .formatted(MOST_CHANNELS, text(images, height, width, channels)));
    }
  }

  @Override
  public String toString() {
    return text(images, image.height(), image.width(), image.channels());
  }

  private static String text(int images, int height, int width, int channels) {
    return "[%d, %d, %d, %d]".formatted(images, height, width, channels);
  }
}
