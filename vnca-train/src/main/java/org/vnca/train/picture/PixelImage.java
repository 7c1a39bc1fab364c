package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.base.image.ImageShape;

/** One image as a model gives it, made ready to be drawn. */
public final class PixelImage {
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

  /**
   * The images of a batch.
   *
   * @param values {@code [n, height, width, channels]}, flattened
   */
  public static List<PixelImage> batch(float[] values, ImageShape shape) {
    int size = shape.dimensions();
    if (values.length % size != 0) {
      throw new IllegalArgumentException(
          "a batch of images of shape "
              + shape
              + " needs a multiple of "
              + size
              + " values, but has "
              + values.length);
    }
    return IntStream.range(0, values.length / size)
        .mapToObj(i -> of(Arrays.copyOfRange(values, i * size, (i + 1) * size), shape))
        .toList();
  }

  /** Pixels from top to bottom. */
  public int height() {
    return height;
  }

  /** Pixels from left to right. */
  public int width() {
    return width;
  }

  /**
   * Draws the image alone.
   *
   * @param zoom the side of the square that shows one pixel
   * @return an RGB image; {@link Png} stores it with one channel if it is grey
   * @throws IllegalArgumentException if the zoom is below 1
   */
  public BufferedImage draw(int zoom) {
    if (zoom < 1) {
      throw new IllegalArgumentException("a picture needs zoom >= 1, but has " + zoom);
    }
    BufferedImage picture =
        new BufferedImage(width * zoom, height * zoom, BufferedImage.TYPE_INT_RGB);
    drawOn(picture, 0, 0, zoom);
    return picture;
  }

  /** Draws onto an RGB picture with the upper left corner at (left, top). */
  public void drawOn(BufferedImage picture, int left, int top, int zoom) {
    int[] row = new int[width * zoom];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < row.length; x++) {
        row[x] = rgb[y * width + x / zoom];
      }
      picture.setRGB(left, top + y * zoom, row.length, zoom, row, 0, 0);
    }
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
