package org.vnca.data.imports;

import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType;
import org.vnca.data.hdf5.Hdf5Array;

/** Reads rows of any kind of numbers as float64, which holds every number that can be a pixel. */
final class ArrayValues {
  /** Values that are held at once, unless a single row has more. */
  private static final int AT_ONCE = 1 << 18;

  private static final int LONGEST_ROW = 1 << 24;

  private final Hdf5Array array;

  /**
   * @throws DatasetException if the array holds no numbers, or more in a row than fit into memory
   */
  ArrayValues(Hdf5Array array) {
    if (!isNumeric(array.type())) {
      throw new DatasetException(
          "%s must hold numbers, but holds %s; name another array"
              .formatted(array.where(), array.type()));
    }
    if (array.rowElements() > LONGEST_ROW) {
      throw new DatasetException(
          "%s has %,d values for each index of its first axis, more than the %,d that are read at"
                  .formatted(array.where(), array.rowElements(), LONGEST_ROW)
              + " once; put the axis of the images first, for instance with numpy's moveaxis");
    }
    this.array = array;
  }

  /** Whether elements are numbers or booleans. */
  static boolean isNumeric(ElementType type) {
    return type.kind() == ElementType.Kind.INTEGER
        || type.kind() == ElementType.Kind.FLOAT
        || type.isBoolean();
  }

  /** Rows that are best read together: a few megabytes, or one row. */
  int rowsAtOnce() {
    long elements = Math.max(1, array.rowElements());
    return (int) Math.max(1, AT_ONCE / elements);
  }

  /** Values of the rows {@code [first, first + rows)}. */
  double[] read(long first, int rows) {
    ElementType type = array.type();
    if (type.isWhole() && type.size() == 1) {
      byte[] bytes = array.bytes(first, rows);
      double[] values = new double[bytes.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = type.signed() ? bytes[i] : bytes[i] & 0xFF;
      }
      return values;
    }
    if (type.kind() == ElementType.Kind.ENUM) {
      long[] longs = array.longs(first, rows);
      double[] values = new double[longs.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = longs[i];
      }
      return values;
    }
    return array.doubles(first, rows);
  }
}
