package org.vnca.data.hdf5;

import java.util.stream.IntStream;

/** Rows that are wanted, in the order of the file, and where each goes. */
final class RowSet {
  private final long[] rows;
  private final int[] places;

  private RowSet(long[] rows, int[] places) {
    this.rows = rows;
    this.places = places;
  }

  static RowSet range(long first, int count) {
    long[] rows = new long[count];
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    return new RowSet(rows, IntStream.range(0, count).toArray());
  }

  static RowSet of(int[] wanted) {
    // The low half remembers the place.
    long[] order =
        IntStream.range(0, wanted.length)
            .mapToLong(place -> (long) wanted[place] << Integer.SIZE | place)
            .sorted()
            .toArray();
    long[] rows = new long[order.length];
    int[] places = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      rows[i] = order[i] >>> Integer.SIZE;
      places[i] = (int) order[i];
    }
    return new RowSet(rows, places);
  }

  /** The row of an entry; ascending, and the same row may come again. */
  long row(int entry) {
    return rows[entry];
  }

  /** Where it goes, in rows of the target. */
  int place(int entry) {
    return places[entry];
  }

  int count() {
    return rows.length;
  }

  /** How many entries from one on are consecutive both in the file and in the target. */
  int run(int from, int until) {
    int run = 1;
    while (from + run < until
        && rows[from + run] == rows[from] + run
        && places[from + run] == places[from] + run) {
      run++;
    }
    return run;
  }
}
