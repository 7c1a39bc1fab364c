package org.vnca.data.imports;

import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType;
import org.vnca.data.hdf5.Hdf5Array;

/** What the values of arrays are like, found by reading all of them, some megabytes at a time. */
final class ValueRange {
  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;
  private boolean whole = true;
  private boolean binary = true;
  private boolean floating;

  /**
   * Takes in an array.
   *
   * @throws DatasetException if a value is not a finite number, or the file is damaged
   */
  void add(Hdf5Array array) {
    floating |= array.type().kind() == ElementType.Kind.FLOAT;
    ArrayValues values = new ArrayValues(array);
    long rows = array.rows();
    int step = values.rowsAtOnce();
    for (long first = 0; first < rows; first += step) {
      add(values.read(first, (int) Math.min(step, rows - first)), array, first);
    }
  }

  private void add(double[] values, Hdf5Array array, long first) {
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      if (!Double.isFinite(value)) {
        throw new DatasetException(
            "%s holds %s, at %d of its first axis; put a number there"
                .formatted(array.where(), value, first + i / array.rowElements()));
      }
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      whole &= value == Math.rint(value);
      binary &= value == 0 || value == 1;
    }
  }

  /** The least value. */
  double least() {
    return least;
  }

  /** The greatest value. */
  double greatest() {
    return greatest;
  }

  /** Whether there are no fractions. */
  boolean isWhole() {
    return whole;
  }

  /** Whether there is nothing but 0 and 1. */
  boolean isBinary() {
    return binary;
  }

  /** Whether an array holds floating-point numbers. */
  boolean isFloating() {
    return floating;
  }
}
