package org.vnca.data.hdf5;

/**
 * Numbers chunks as the newer indexes do: by what the array may grow to, not by what it is, so that
 * a chunk keeps its number. An axis without limit counts first.
 */
final class ChunkNumbers {
  private final int first;
  private final long[] strides;

  /**
   * @param most what the axes may grow to
   * @param chunk lengths of a chunk's axes
   * @param growing whether the index is the one for arrays with one axis without limit
   */
  ChunkNumbers(long[] most, long[] chunk, boolean growing) {
    int unlimited = 0;
    for (int axis = 0; axis < most.length; axis++) {
      if (most[axis] == Hdf5Array.UNLIMITED) {
        unlimited = axis;
      }
    }
    this.first = growing ? unlimited : 0;
    this.strides = new long[most.length];
    long stride = 1;
    for (int axis = most.length - 1; axis >= 0; axis--) {
      if (axis != first) {
        strides[axis] = stride;
        if (most[axis] == Hdf5Array.UNLIMITED) {
          throw Hdf5Fault.damaged("axis %d has no limit, in an index that cannot grow", axis);
        }
        stride = Dataspace.times(stride, (most[axis] - 1) / chunk[axis] + 1);
      }
    }
    strides[first] = stride;
  }

  long of(long[] scaled) {
    long number = 0;
    for (int axis = 0; axis < scaled.length; axis++) {
      number += Dataspace.times(scaled[axis], strides[axis]);
    }
    return number;
  }
}
