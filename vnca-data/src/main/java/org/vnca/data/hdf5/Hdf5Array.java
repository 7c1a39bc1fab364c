package org.vnca.data.hdf5;

/**
 * An array in an HDF5 file. Thread-safe until the file is closed. A row is all that shares an index
 * of the first axis; a single value counts as one row. Elements come in the file's logical order:
 * the last axis fastest. Elements that were never written have the fill value.
 */
public final class Hdf5Array implements Hdf5Node {
  /** In {@link #maxShape}: no limit. */
  public static final long UNLIMITED = -1;

  Hdf5Array() {}

  @Override
  public String path() {
    throw new UnsupportedOperationException();
  }

  /** Names the array in messages: the file and the path. */
  public String where() {
    throw new UnsupportedOperationException();
  }

  /** Lengths of the axes; none for a single value, {@code [0]} for an array without elements. */
  public long[] shape() {
    throw new UnsupportedOperationException();
  }

  /** What the axes may grow to; {@link #UNLIMITED} where there is no limit. */
  public long[] maxShape() {
    throw new UnsupportedOperationException();
  }

  /** What the elements are. */
  public ElementType type() {
    throw new UnsupportedOperationException();
  }

  /** Rows: the first axis' length, 1 for a single value. */
  public long rows() {
    throw new UnsupportedOperationException();
  }

  /** Elements of a row. */
  public long rowElements() {
    throw new UnsupportedOperationException();
  }

  /** How many neighbouring rows are stored, and so best read, together. */
  public int rowsPerChunk() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads the rows {@code [first, first + rows)} of whole numbers of one byte, as they are: where
   * {@link #type} is signed, so are the bytes.
   *
   * @throws org.vnca.data.DatasetException if the type is another, or the file is damaged
   * @throws IndexOutOfBoundsException if there are fewer rows
   */
  public byte[] bytes(long first, int rows) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads rows of whole numbers of one byte in any order, one after the other.
   *
   * @param rows each in 0..rows-1; one may be asked for more than once
   * @param target {@code [rows.length, rowElements]}
   * @throws org.vnca.data.DatasetException if the type is another, or the file is damaged
   * @throws IndexOutOfBoundsException if a row is out of range
   */
  public void bytes(int[] rows, byte[] target) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads rows of integers, enumerations or bit fields. An unsigned number of 64 bits above {@link
   * Long#MAX_VALUE} comes as the negative number of the same bits.
   */
  public long[] longs(long first, int rows) {
    throw new UnsupportedOperationException();
  }

  /** Reads rows of integers or floating-point numbers. */
  public double[] doubles(long first, int rows) {
    throw new UnsupportedOperationException();
  }

  /** Reads rows of text; padding is taken off. */
  public String[] strings(long first, int rows) {
    throw new UnsupportedOperationException();
  }
}
