package org.vnca.data.hdf5;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType.Kind;
import org.vnca.data.hdf5.ElementType.Text;

/**
 * An array in an HDF5 file. Thread-safe until the file is closed. A row is all that shares an index
 * of the first axis; a single value counts as one row. Elements come in the file's logical order:
 * the last axis fastest. Elements that were never written have the fill value.
 *
 * <p>Every method that reads throws a {@link DatasetException} if the file is damaged or closed, or
 * stored in a way that is not supported, and an {@link IndexOutOfBoundsException} for rows that
 * there are not.
 */
public final class Hdf5Array implements Hdf5Node {
  /** In {@link #maxShape}: no limit. */
  public static final long UNLIMITED = -1;

  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  /** Bytes that one byte of a file can stand for: gzip's limit, rounded up. */
  private static final long LARGEST_EXPANSION = 1100;

  /** What may be mere fill value, whatever the file's length. */
  private static final long MOST_FILL_BYTES = 1L << 30;

  private final Container container;
  private final String path;
  private final ObjectHeader header;
  private final Dataspace space;
  private final ElementType type;
  private Storage storage;

  Hdf5Array(Container container, String path, ObjectHeader header) {
    this.container = container;
    this.path = path;
    this.header = header;
    this.space = Dataspace.read(header.get(ObjectHeader.DATASPACE, "shape"));
    this.type = Datatype.read(header.get(ObjectHeader.DATATYPE, "type"));
  }

  @Override
  public String path() {
    return path;
  }

  /** Names the array in messages: the file and the path. */
  public String where() {
    return container.where(path);
  }

  /** Lengths of the axes; none for a single value, {@code [0]} for an array without elements. */
  public long[] shape() {
    return space.dimensions().clone();
  }

  /** What the axes may grow to; {@link #UNLIMITED} where there is no limit. */
  public long[] maxShape() {
    return space.most().clone();
  }

  /** What the elements are. */
  public ElementType type() {
    return type;
  }

  /**
   * An attribute of the array as text: text or one number; empty where there is none.
   *
   * @throws DatasetException if it is something else, or damaged
   */
  public Optional<String> attribute(String attribute) {
    return Door.through(
        "%s, the attribute %s".formatted(where(), attribute),
        () -> new Attributes(container.file(), container.heap(), header).text(attribute));
  }

  /** Rows: the first axis' length, 1 for a single value. */
  public long rows() {
    return space.dimensions().length == 0 ? 1 : space.dimensions()[0];
  }

  /**
   * Elements of a row.
   *
   * @throws DatasetException if there are more than 2^63
   */
  public long rowElements() {
    return Door.through(
        where(),
        () -> {
          long product = 1;
          for (int axis = 1; axis < space.dimensions().length; axis++) {
            product = Dataspace.times(product, space.dimensions()[axis]);
          }
          return product;
        });
  }

  /**
   * How many neighbouring rows are stored, and so best read, together.
   *
   * @throws DatasetException if the array is stored in a way that is not supported
   */
  public int rowsPerChunk() {
    return storage().rowsPerChunk();
  }

  /**
   * Reads the rows {@code [first, first + rows)} of whole numbers of one byte. Where {@link #type}
   * is signed, so are the bytes.
   *
   * @throws DatasetException if the elements are something else
   */
  public byte[] bytes(long first, int rows) {
    requireType(type.isWhole() && type.size() == 1, "whole numbers of one byte");
    byte[] data = stored(first, rows);
    unpack(data);
    return data;
  }

  /**
   * Reads rows of whole numbers of one byte in any order, one after the other.
   *
   * @param rows each in 0..rows-1; one may be asked for more than once
   * @param target {@code [rows.length, rowElements]}
   * @throws DatasetException if the elements are something else
   * @throws IllegalArgumentException if {@code target} has another length
   */
  public void bytes(int[] rows, byte[] target) {
    requireType(type.isWhole() && type.size() == 1, "whole numbers of one byte");
    for (int row : rows) {
      Objects.checkIndex((long) row, rows());
    }
    long bytes = rows.length * rowElements();
    if (target.length != bytes) {
      throw new IllegalArgumentException(
          "the target must have %d bytes, but has %d".formatted(bytes, target.length));
    }
    if (bytes > 0) {
      read(RowSet.of(rows), target);
    }
    unpack(target);
  }

  /**
   * Reads rows of integers, enumerations or bit fields. An unsigned number of 64 bits above {@link
   * Long#MAX_VALUE} comes as the negative number of the same bits.
   *
   * @throws DatasetException if the elements are something else
   */
  public long[] longs(long first, int rows) {
    requireType(type.isWhole(), "whole numbers");
    byte[] data = stored(first, rows);
    long[] values = new long[data.length / type.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Elements.whole(type, data, i * type.size());
    }
    return values;
  }

  /**
   * Reads rows of whole or floating-point numbers.
   *
   * @throws DatasetException if the elements are something else
   */
  public double[] doubles(long first, int rows) {
    requireType(type.isWhole() || type.kind() == Kind.FLOAT, "numbers");
    byte[] data = stored(first, rows);
    double[] values = new double[data.length / type.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Elements.number(type, data, i * type.size());
    }
    return values;
  }

  /**
   * Reads rows of text, UTF-8; padding is taken off.
   *
   * @throws DatasetException if the elements are something else
   */
  public String[] strings(long first, int rows) {
    requireType(type.kind() == Kind.STRING, "text");
    byte[] data = stored(first, rows);
    return Door.through(
        where(),
        () -> {
          String[] values = new String[data.length / type.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = text(data, i * type.size());
          }
          return values;
        });
  }

  private String text(byte[] data, int at) {
    if (type.text() != Text.VARIABLE) {
      return Elements.text(type, data, at);
    }
    Bytes element = container.file().cursor(data, data.length);
    element.skip(at);
    return container.heap().text(element);
  }

  /** Rows as they are stored. */
  private byte[] stored(long first, int rows) {
    Objects.checkFromIndexSize(first, rows, rows());
    long bytes =
        Door.through(
            where(), () -> Dataspace.times(Dataspace.times(rowElements(), type.size()), rows));
    requireMemory(bytes);
    byte[] data = new byte[(int) bytes];
    if (bytes > 0) {
      read(RowSet.range(first, rows), data);
    }
    return data;
  }

  private void read(RowSet rows, byte[] target) {
    Storage source = storage();
    Door.through(
        where(),
        () -> {
          source.read(rows, target);
          return null;
        });
  }

  private synchronized Storage storage() {
    if (storage == null) {
      long row = rowElements();
      storage =
          Door.through(
              where(),
              () -> {
                long rowBytes = Dataspace.times(row, type.size());
                requireMemory(rowBytes);
                requirePlausible();
                return Layout.read(
                    container.file(),
                    container.cache(),
                    header,
                    space,
                    (int) rowBytes,
                    type.size());
              });
    }
    return storage;
  }

  /**
   * Fails where nearly all elements can only be the fill value: a damaged length, which would be
   * read for hours.
   */
  private void requirePlausible() {
    long bytes = Dataspace.times(space.elements(), type.size());
    if ((bytes - MOST_FILL_BYTES) / LARGEST_EXPANSION > container.file().length()) {
      throw Hdf5Fault.unsupported(
          "copy the file again, or make the array shorter",
          "claims to be %s, far more than a file of %d bytes can hold",
          Arrays.toString(space.dimensions()),
          container.file().length());
    }
  }

  /** Takes the bits that count, where not all do. */
  private void unpack(byte[] data) {
    if (type.precision() < Byte.SIZE) {
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) Elements.whole(type, data, i);
      }
    }
  }

  private void requireType(boolean right, String wanted) {
    if (!right) {
      throw new DatasetException(
          "%s must hold %s, but holds %s; convert it, for instance with h5py"
              .formatted(where(), wanted, type));
    }
  }

  private void requireMemory(long bytes) {
    if (bytes > Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 2)) {
      throw new DatasetException(
          "%s has %d bytes to be read at once; give the program more memory (VNCA_JAVA_OPTS=-Xmx...)"
              .formatted(where(), bytes));
    }
  }
}
