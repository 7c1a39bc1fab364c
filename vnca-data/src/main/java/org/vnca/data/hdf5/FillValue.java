package org.vnca.data.hdf5;

import java.util.Optional;

/** The value of elements that were never written. */
final class FillValue {
  private static final int NEVER = 1;
  private static final int UNDEFINED = 0x10;
  private static final int DEFINED = 0x20;

  private FillValue() {}

  /**
   * The bytes of one element. Where the file says that elements are never filled, the HDF5 library
   * leaves the reader's memory as it is, and h5py's is zero.
   */
  static byte[] read(ObjectHeader header, int size) {
    Optional<Bytes> recent = header.find(ObjectHeader.FILL);
    byte[] value =
        recent.isPresent()
            ? recent(recent.get())
            : header.find(ObjectHeader.OLD_FILL).map(FillValue::value).orElse(new byte[0]);
    if (value.length == 0) {
      return new byte[size];
    }
    if (value.length != size) {
      throw Hdf5Fault.damaged("its fill value has %d bytes, its elements %d", value.length, size);
    }
    return value;
  }

  private static byte[] recent(Bytes data) {
    int version = data.u8();
    boolean never;
    boolean defined;
    if (version == 3) {
      int flags = data.u8();
      never = (flags >>> 2 & 3) == NEVER;
      defined = (flags & DEFINED) != 0 && (flags & UNDEFINED) == 0;
    } else if (version == 1 || version == 2) {
      data.skip(1);
      never = data.u8() == NEVER;
      defined = data.u8() != 0;
    } else {
      throw Hdf5Fault.damaged("its fill value has version %d", version);
    }
    return never || !defined ? new byte[0] : value(data);
  }

  private static byte[] value(Bytes data) {
    int size = data.i32();
    return size <= 0 ? new byte[0] : data.take(size);
  }
}
