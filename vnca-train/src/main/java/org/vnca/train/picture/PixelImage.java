package org.vnca.train.picture;

import org.vnca.base.image.ImageShape;

/** One image as a model gives it, made ready to be drawn. */
public final class PixelImage implements Pixels {
  private final int height;
  private final int width;
  private final int[] rgb;

  private PixelImage(int height, int width, int[] rgb) {
    this.height = height;
    this.width = width;
    this.rgb = rgb;
  }

  /**
   * Makes one image ready to be drawn.
   *
   * @param values {@code [height, width, channels]}, flattened, copied in; 0 is black, 1 is full;
   *     what lies outside is clamped
   * @param shape of 1 channel (grey) or 3 (RGB)
   * @throws IllegalArgumentException if the number of values or channels is wrong, or a value is
   *     not a number
   */
  public static PixelImage of(float[] values, ImageShape shape) {
    if (shape.channels() != 1 && shape.channels() != 3) {
      throw new IllegalArgumentException("a picture needs 1 or 3 channels, but has shape " + shape);
    }
    if (values.length != shape.dimensions()) {
      throw new IllegalArgumentException(
          "an image of shape "
              + shape
              + " needs "
              + shape.dimensions()
              + " values, but has "
              + values.length);
    }
    int[] rgb = new int[shape.height() * shape.width()];
    for (int i = 0; i < rgb.length; i++) {
      int at = i * shape.channels();
      int red = level(values, at, shape);
      rgb[i] =
          shape.channels() == 1
              ? red * 0x010101
              : red << 16 | level(values, at + 1, shape) << 8 | level(values, at + 2, shape);
    }
    return new PixelImage(shape.height(), shape.width(), rgb);
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int rgb(int x, int y) {
    return rgb[y * width + x];
  }

  private static int level(float[] values, int at, ImageShape shape) {
    float value = values[at];
    if (Float.isNaN(value)) {
      int pixel = at / shape.channels();
      throw new IllegalArgumentException(
          "a picture's values must be numbers, but row "
              + pixel / shape.width()
              + ", column "
              + pixel % shape.width()
              + ", channel "
              + at % shape.channels()
              + " is NaN");
    }
    return Math.round(Math.max(0f, Math.min(1f, value)) * 255f);
  }
}
