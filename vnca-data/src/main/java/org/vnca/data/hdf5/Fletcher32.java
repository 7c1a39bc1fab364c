package org.vnca.data.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** HDF5's Fletcher-32 filter: four bytes of checksum at the end of a chunk. */
final class Fletcher32 {
  static final int FILTER_ID = 3;
  static final int BYTES = 4;

  /** The longest run of 16-bit words whose sums cannot overflow 32 bits. */
  private static final int WORDS_PER_REDUCTION = 360;

  private Fletcher32() {}

  /**
   * The chunk without its checksum.
   *
   * @throws Hdf5Fault if the checksum does not fit the bytes
   */
  static byte[] verified(byte[] chunk) {
    int length = chunk.length - BYTES;
    if (length < 0) {
      throw Hdf5Fault.damaged("a chunk is too short to hold its checksum");
    }
    int stored = ByteBuffer.wrap(chunk, length, BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
    int computed = sum(chunk, length);
    // HDF5 up to 1.6.2 swapped the bytes of each half on little-endian machines.
    int swapped = (computed & 0x00FF00FF) << 8 | (computed >>> 8 & 0x00FF00FF);
    if (stored != computed && stored != swapped) {
      throw Hdf5Fault.damaged("a chunk does not match its checksum");
    }
    return Arrays.copyOf(chunk, length);
  }

  /** H5_checksum_fletcher32: sums of big-endian 16-bit words, modulo 65535. */
  static int sum(byte[] data, int length) {
    int low = 0;
    int high = 0;
    int words = 0;
    for (int i = 0; i < length; i += 2) {
      low += (data[i] & 0xFF) << 8 | (i + 1 < length ? data[i + 1] & 0xFF : 0);
      high += low;
      if (++words == WORDS_PER_REDUCTION) {
        low = reduced(low);
        high = reduced(high);
        words = 0;
      }
    }
    return reduced(reduced(high)) << 16 | reduced(reduced(low));
  }

  private static int reduced(int sum) {
    return (sum & 0xFFFF) + (sum >>> 16);
  }
}
