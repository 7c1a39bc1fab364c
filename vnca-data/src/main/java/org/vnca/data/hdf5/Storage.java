package org.vnca.data.hdf5;

import java.util.Arrays;

/** How an array's elements lie in the file. Implementations are thread-safe. */
interface Storage {
  /**
   * Copies rows, as they are stored.
   *
   * @param target {@code [places, rowBytes]}
   */
  void read(RowSet rows, byte[] target);

  /** How many neighbouring rows are stored, and so best read, together. */
  int rowsPerChunk();

  /** Repeats a fill value over a part of an array. */
  static void fill(byte[] target, int from, int count, byte[] value) {
    if (value.length == 1) {
      Arrays.fill(target, from, from + count, value[0]);
      return;
    }
    for (int at = 0; at < count; at += value.length) {
      System.arraycopy(value, 0, target, from + at, value.length);
    }
  }
}
