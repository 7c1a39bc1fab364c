package org.vnca.data.imports;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vnca.data.fault.DatasetException;

/**
 * What the axes of an array of images are, as HDF5 has them: the last one is contiguous, as in
 * h5py.
 *
 * @param letters {@code n} (images), {@code h} (rows), {@code w} (columns), each once, and perhaps
 *     {@code c} (channels), such as {@code nhwc}
 */
record AxisOrder(String letters) {
  /**
   * What {@code [H, W, C, N]} of MATLAB, whose first axis is contiguous, is to all others: the axes
   * reversed.
   */
  static final String MATLAB = "matlab";

  private static final int MOST_CHANNELS = 4;
  private static final String REVERSED = "ncwh";
  private static final String REVERSED_GREY = "nwh";

  AxisOrder {
    if (!isValid(letters)) {
      throw new IllegalArgumentException("axes must be n, h, w and perhaps c, but are " + letters);
    }
  }

  /**
   * Whether a word names an order: the letters n, h and w, each once, in any order, and perhaps c;
   * or {@value #MATLAB}.
   */
  static boolean isName(String word) {
    return word.equals(MATLAB) || isValid(word);
  }

  private static boolean isValid(String letters) {
    return letters.matches("[nhwc]{3,4}")
        && letters.chars().distinct().count() == letters.length()
        && "nhw".chars().allMatch(letter -> letters.indexOf(letter) >= 0);
  }

  /**
   * The order of an array that is said to have one.
   *
   * @param where names the array
   * @throws DatasetException if the array has another number of axes
   */
  static AxisOrder named(String name, long[] shape, String where) {
    String letters = name;
    if (name.equals(MATLAB)) {
      letters = shape.length == REVERSED_GREY.length() ? REVERSED_GREY : REVERSED;
    }
    if (letters.length() != shape.length) {
      throw new DatasetException(
          "%s is %s, which has not the %d axes of --order %s; name one letter for each axis"
              .formatted(where, Arrays.toString(shape), letters.length(), name));
    }
    return new AxisOrder(letters);
  }

  /**
   * The order that a shape has by itself: {@code nhw}, or {@code nhwc} or {@code nchw} where one of
   * the two axes only can be channels.
   *
   * @param where names the array
   * @throws DatasetException if it could be several, or none
   */
  static AxisOrder guessed(long[] shape, String where) {
    if (shape.length == 3) {
      // Images lie along the last axis where the first two are equal and it is not.
      boolean last = shape[0] == shape[1] && shape[2] != shape[1];
      if (last) {
        throw unclear(shape, where, List.of("hwn", "whn", "nhw"));
      }
      return new AxisOrder("nhw");
    }
    if (shape.length != 4) {
      throw new DatasetException(
          "%s must be [N, height, width] or [N, height, width, channels] in any order, but is %s;"
                  .formatted(where, Arrays.toString(shape))
              + " reshape it");
    }
    boolean[] channels = new boolean[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      channels[axis] = shape[axis] >= 1 && shape[axis] <= MOST_CHANNELS;
    }
    if (channels[3] && !channels[1] && !channels[2]) {
      if (shape[0] == shape[1] && shape[2] != shape[1]) {
        throw unclear(shape, where, List.of("hwnc", "nhwc"));
      }
      return new AxisOrder("nhwc");
    }
    if (channels[1] && !channels[3] && !channels[2]) {
      return new AxisOrder("nchw");
    }
    List<String> others = channels[0] ? List.of("chwn", "cwhn") : List.of("hwcn", "whcn");
    throw unclear(shape, where, channels[1] || channels[3] ? List.of("nhwc", "nchw") : others);
  }

  private static DatasetException unclear(long[] shape, String where, List<String> orders) {
    return new DatasetException(
        "%s is %s: which axis is which cannot be told; say it, such as --order %s"
            .formatted(where, Arrays.toString(shape), String.join(" or --order ", orders)));
  }

  /** The place of an axis; empty where there is none. */
  Optional<Integer> place(char letter) {
    int place = letters.indexOf(letter);
    return place < 0 ? Optional.empty() : Optional.of(place);
  }

  /** The length of an axis; 1 where there is none. */
  long length(char letter, long[] shape) {
    return place(letter).map(axis -> shape[axis]).orElse(1L);
  }

  /** Whether images are as the program keeps them. */
  boolean isUsual() {
    return letters.equals("nhwc") || letters.equals("nhw");
  }

  @Override
  public String toString() {
    return letters.toUpperCase(Locale.ROOT);
  }
}
