package org.vnca.graph.session;

/**
 * States of some images between two parts of a decoding, as data. The array may be changed.
 *
 * @param count N, how many images
 * @param side of the grid
 * @param channels of a cell
 * @param values {@code [N, side, side, channels]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record States(int count, int side, int channels, float[] values) {
  public States {
    if ((long) count * side * side * channels != values.length) {
      throw new IllegalArgumentException(
          "states of %d images of %dx%dx%d need as many values, but there are %d"
              .formatted(count, side, side, channels, values.length));
    }
  }

  /** The same with values of their own. */
  public States copy() {
    return new States(count, side, channels, values.clone());
  }

  /** Values of one image. */
  public int perImage() {
    return side * side * channels;
  }
}
