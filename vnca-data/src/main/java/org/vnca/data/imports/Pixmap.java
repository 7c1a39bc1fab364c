package org.vnca.data.imports;

import java.util.Arrays;

/**
 * Pixels of an image, colours multiplied by alpha, so that they can be averaged.
 *
 * @param values {@code [height, width, 4]}: red, green, blue in 0..255, each times alpha; alpha in
 *     0..1
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Pixmap(int width, int height, float[] values) {
  static final int CHANNELS = 4;

  /**
   * Laid onto one colour, in place: opaque. Before resizing, so that a filter with negative weights
   * leaves no rim.
   *
   * @param background level of all three colours
   */
  Pixmap onto(int background) {
    for (int i = 0; i < values.length; i += CHANNELS) {
      float rest = (1 - values[i + 3]) * background;
      for (int c = 0; c < 3; c++) {
        values[i + c] += rest;
      }
      values[i + 3] = 1;
    }
    return this;
  }

  /** Whether the background shows anywhere. */
  boolean isTransparent() {
    for (int i = 3; i < values.length; i += CHANNELS) {
      if (values[i] < 1) {
        return true;
      }
    }
    return false;
  }

  /** At its place in a larger area, which is transparent around it. */
  Pixmap onCanvas(StoredPicture.Canvas canvas) {
    if (canvas.width() == width && canvas.height() == height) {
      return this;
    }
    float[] whole = new float[canvas.width() * canvas.height() * CHANNELS];
    int wide = Math.min(width, canvas.width() - canvas.left());
    for (int y = 0; y < Math.min(height, canvas.height() - canvas.top()); y++) {
      int to = ((canvas.top() + y) * canvas.width() + canvas.left()) * CHANNELS;
      System.arraycopy(values, y * width * CHANNELS, whole, to, wide * CHANNELS);
    }
    return new Pixmap(canvas.width(), canvas.height(), whole);
  }

  /** A part of it. */
  Pixmap cropped(int left, int top, int wide, int high) {
    float[] part = new float[wide * high * CHANNELS];
    for (int y = 0; y < high; y++) {
      int from = ((top + y) * width + left) * CHANNELS;
      System.arraycopy(values, from, part, y * wide * CHANNELS, wide * CHANNELS);
    }
    return new Pixmap(wide, high, part);
  }

  /** The largest square in its middle. */
  Pixmap middleSquare() {
    int side = Math.min(width, height);
    return cropped((width - side) / 2, (height - side) / 2, side, side);
  }

  /**
   * Another size.
   *
   * @param filter which pixels a new one is made of
   */
  Pixmap resized(int wide, int high, ResampleFilter filter) {
    if (wide == width && high == height) {
      return this;
    }
    ResampleFilter.Weights across = filter.weights(width, wide);
    float[] rows = new float[wide * height * CHANNELS];
    for (int y = 0; y < height; y++) {
      across.apply(values, y * width * CHANNELS, CHANNELS, rows, y * wide * CHANNELS, CHANNELS);
    }
    ResampleFilter.Weights down = filter.weights(height, high);
    float[] result = new float[wide * high * CHANNELS];
    for (int x = 0; x < wide; x++) {
      int stride = wide * CHANNELS;
      down.apply(rows, x * CHANNELS, stride, result, x * CHANNELS, stride);
    }
    return new Pixmap(wide, high, result);
  }

  /**
   * An opaque image in the middle of a square of one colour.
   *
   * @param side of the square, at least the width and the height
   * @param background level of all three colours
   * @return {@code [side, side, 3]} uint8
   */
  byte[] centred(int side, int background) {
    byte[] square = new byte[side * side * 3];
    Arrays.fill(square, (byte) background);
    int left = (side - width) / 2;
    int top = (side - height) / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * width + x) * CHANNELS;
        int to = ((top + y) * side + left + x) * 3;
        for (int c = 0; c < 3; c++) {
          // A filter with negative weights can leave the range.
          square[to + c] = (byte) Math.round(Math.min(255, Math.max(0, values[from + c])));
        }
      }
    }
    return square;
  }
}
