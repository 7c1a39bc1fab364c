package org.vnca.data;

import java.util.Arrays;
import org.vnca.base.fault.Hint;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType;
import org.vnca.data.hdf5.ElementType.Kind;
import org.vnca.data.hdf5.Hdf5Array;

/** The checks on what is made of an array in an HDF5 file. */
record StoredArray(Hdf5Array array) {
  private static final int LARGEST_LABEL = 255;
  private static final int LABELS_AT_ONCE = 1 << 16;

  /** The command that makes a dataset of any HDF5 file. */
  static String importing(String location) {
    return Hint.command("data import hdf5 %s --out NEW.h5", location);
  }

  /** Whether the elements are h5py's booleans. */
  boolean isBoolean() {
    return array.type().isBoolean();
  }

  /**
   * The shape of an array of images.
   *
   * @throws DatasetException if its type is not uint8 or boolean, or it is not shaped as images
   */
  SplitShape imageShape() {
    if (!isUnsignedByte() && !isBoolean()) {
      throw new DatasetException(
          "%s must hold uint8 or booleans, but holds %s; make a dataset of it: %s"
              .formatted(array.where(), array.type(), importing("FILE")));
    }
    long[] dimensions = array.shape();
    boolean plain = dimensions.length == 3;
    if ((!plain && dimensions.length != 4)
        || Arrays.stream(dimensions).anyMatch(length -> length > Integer.MAX_VALUE)) {
      throw new DatasetException(
          "%s must be [N, height, width] or [N, height, width, channels], but is %s; reshape it"
              .formatted(array.where(), Arrays.toString(dimensions)));
    }
    int channels = plain ? 1 : (int) dimensions[3];
    try {
      return SplitShape.of((int) dimensions[0], (int) dimensions[1], (int) dimensions[2], channels);
    } catch (IllegalArgumentException e) {
      throw new DatasetException(
          "%s: %s; make a dataset of it: %s"
              .formatted(array.where(), e.getMessage(), importing("FILE")),
          e);
    }
  }

  /**
   * An array of labels, one byte an image.
   *
   * @throws DatasetException if they are not {@code images} whole numbers in 0..255
   */
  byte[] labels(int images) {
    long[] dimensions = array.shape();
    boolean listed = array.type().isWhole() && dimensions.length == 1;
    if (!listed || dimensions[0] != images) {
      throw new DatasetException(
          "%s must hold a whole number for each of the %d images, but is %s of %s%s"
              .formatted(
                  array.where(),
                  images,
                  Arrays.toString(dimensions),
                  array.type(),
                  listed ? "" : "; make a dataset of it: " + importing("FILE")));
    }
    byte[] labels = new byte[images];
    for (int from = 0; from < images; from += LABELS_AT_ONCE) {
      long[] some = array.longs(from, Math.min(LABELS_AT_ONCE, images - from));
      for (int i = 0; i < some.length; i++) {
        if (some[i] < 0 || some[i] > LARGEST_LABEL) {
          throw new DatasetException(
              "%s must hold numbers in 0..%d, but label %d is %s"
                  .formatted(array.where(), LARGEST_LABEL, from + i, text(some[i])));
        }
        labels[from + i] = (byte) some[i];
      }
    }
    return labels;
  }

  private String text(long label) {
    return array.type().signed() ? Long.toString(label) : Long.toUnsignedString(label);
  }

  private boolean isUnsignedByte() {
    ElementType type = array.type();
    return (type.kind() == Kind.INTEGER || type.kind() == Kind.BITFIELD)
        && type.size() == 1
        && !type.signed();
  }
}
