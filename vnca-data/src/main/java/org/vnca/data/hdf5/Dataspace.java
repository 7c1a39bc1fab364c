package org.vnca.data.hdf5;

/** The shape of an array or attribute. */
final class Dataspace {
  private static final int MOST_AXES = 32;

  /** An extent that is no extent at all: an array without elements. */
  private static final int NULL = 2;

  private final long[] dimensions;
  private final long[] most;

  private Dataspace(long[] dimensions, long[] most) {
    this.dimensions = dimensions;
    this.most = most;
  }

  /** Lengths of the axes, not to be changed; none for a single value. */
  long[] dimensions() {
    return dimensions;
  }

  /** What the axes may grow to, not to be changed, or {@link Hdf5Array#UNLIMITED}. */
  long[] most() {
    return most;
  }

  static Dataspace read(Bytes data) {
    int version = data.u8();
    int rank = data.u8();
    int flags = data.u8();
    if ((version != 1 && version != 2) || rank > MOST_AXES) {
      throw Hdf5Fault.damaged("its shape has version %d and %d axes", version, rank);
    }
    if (version == 2 && data.u8() == NULL) {
      return new Dataspace(new long[] {0}, new long[] {0});
    }
    if (version == 1) {
      data.skip(5);
    }
    long[] dimensions = lengths(data, rank);
    long[] most = (flags & 1) != 0 ? lengths(data, rank) : dimensions.clone();
    for (int axis = 0; axis < rank; axis++) {
      if (dimensions[axis] < 0
          || (most[axis] != Hdf5Array.UNLIMITED && most[axis] < dimensions[axis])) {
        throw Hdf5Fault.damaged(
            "axis %d is %s long, of at most %s",
            axis, Long.toUnsignedString(dimensions[axis]), Long.toUnsignedString(most[axis]));
      }
    }
    return new Dataspace(dimensions, most);
  }

  /** Elements in all. */
  long elements() {
    long product = 1;
    for (long length : dimensions) {
      product = times(product, length);
    }
    return product;
  }

  static long times(long a, long b) {
    if (Math.multiplyHigh(a, b) != 0 || a * b < 0) {
      throw Hdf5Fault.damaged("its shape has more than 2^63 elements");
    }
    return a * b;
  }

  private static long[] lengths(Bytes data, int rank) {
    long[] lengths = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      lengths[axis] = data.lengthOrUnlimited();
    }
    return lengths;
  }
}
