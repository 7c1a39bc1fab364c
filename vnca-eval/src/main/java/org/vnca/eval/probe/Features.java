package org.vnca.eval.probe;

import java.util.Arrays;

/**
 * Rows of numbers with the class of each.
 *
 * @param rows {@code [N][D]}
 * @param labels {@code [N]}, classes from 0
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Features(float[][] rows, int[] labels) {
  Features {
    if (rows.length == 0 || rows.length != labels.length) {
      throw new IllegalArgumentException(
          "features need a label for each row, but there are %d rows and %d labels"
              .formatted(rows.length, labels.length));
    }
  }

  int size() {
    return rows.length;
  }

  int width() {
    return rows[0].length;
  }

  /** The rows at some places. */
  Features at(int[] places) {
    return new Features(
        Arrays.stream(places).mapToObj(place -> rows[place]).toArray(float[][]::new),
        Arrays.stream(places).map(place -> labels[place]).toArray());
  }

  /** These rows behind others. */
  Features after(Features others) {
    float[][] all = Arrays.copyOf(others.rows, others.size() + size());
    System.arraycopy(rows, 0, all, others.size(), size());
    int[] named = Arrays.copyOf(others.labels, all.length);
    System.arraycopy(labels, 0, named, others.size(), size());
    return new Features(all, named);
  }
}
