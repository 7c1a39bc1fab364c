package org.vnca.data.hdf5;

/**
 * The entries of fixed and extensible arrays: a chunk's address and, where chunks are filtered, its
 * length and mask.
 *
 * @param bytes of an entry
 * @param sizeBytes of the length in it; 0 where chunks are not filtered
 */
record ChunkEntries(int bytes, int sizeBytes) {
  private static final int MASK_BYTES = 4;

  static ChunkEntries of(FileBytes file, int bytes, boolean filtered) {
    int rest = bytes - file.offsetBytes();
    int sizeBytes = filtered ? rest - MASK_BYTES : 0;
    if (filtered ? sizeBytes < 1 || sizeBytes > 8 : rest != 0) {
      throw Hdf5Fault.damaged("the index of its chunks has entries of %d bytes", bytes);
    }
    return new ChunkEntries(bytes, sizeBytes);
  }

  /** The entry at the cursor; null where the chunk was never written. */
  ChunkIndex.Place read(Bytes entry) {
    long address = entry.offset();
    if (address == Bytes.UNDEFINED) {
      return null;
    }
    return sizeBytes == 0
        ? new ChunkIndex.Place(address, -1, 0)
        : new ChunkIndex.Place(address, entry.unsigned(sizeBytes), entry.i32());
  }

  /** Whether a bit of a bitmap is set, the first bit being the highest of the first byte. */
  static boolean isSet(Bytes bitmap, long bit) {
    Bytes copy = bitmap.copy();
    copy.skip((int) Math.min(Integer.MAX_VALUE, bit / 8));
    return (copy.u8() & 0x80 >> (int) (bit % 8)) != 0;
  }
}
