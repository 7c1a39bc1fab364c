package org.vnca.data.hdf5;

/** Chunks in a fixed array: an entry for each that there can ever be, perhaps in pages. */
final class FixedArrayChunks implements ChunkIndex {
  private static final String WHAT = "the index of its chunks";
  private static final int CHECKSUM_BYTES = 4;

  private final FileBytes file;
  private final ChunkNumbers numbers;
  private final ChunkEntries entries;
  private final long count;
  private final long pageEntries;
  private final long block;
  private final int headBytes;
  private final int bitmapBytes;

  FixedArrayChunks(FileBytes file, long address, ChunkNumbers numbers, boolean filtered) {
    this.file = file;
    this.numbers = numbers;
    int length = 4 + 1 + 1 + 1 + 1 + file.lengthBytes() + file.offsetBytes() + CHECKSUM_BYTES;
    Bytes header = file.verified(address, length, WHAT);
    header.signature("FAHD", WHAT);
    header.skip(2);
    this.entries = ChunkEntries.of(file, header.u8(), filtered);
    int pageBits = header.u8();
    this.count = header.length();
    this.block = header.offset();
    if (pageBits > 32 || count < 0 || (block != Bytes.UNDEFINED && count > file.length())) {
      throw Hdf5Fault.damaged("%s claims to have %d entries", WHAT, count);
    }
    this.pageEntries = 1L << pageBits;
    this.headBytes = 4 + 1 + 1 + file.offsetBytes();
    long pages = count > pageEntries ? (count + pageEntries - 1) / pageEntries : 0;
    this.bitmapBytes = Math.toIntExact((pages + 7) / 8);
    if (block != Bytes.UNDEFINED && pages == 0) {
      requireWhole();
    }
  }

  @Override
  public Place find(long[] scaled) {
    long number = numbers.of(scaled);
    if (number >= count) {
      throw Hdf5Fault.damaged("%s has only %d entries", WHAT, count);
    }
    if (block == Bytes.UNDEFINED) {
      return null;
    }
    if (bitmapBytes == 0) {
      // Verified when it was opened; it may be too long to be kept.
      return entries.read(
          file.structure(block + headBytes + number * entries.bytes(), entries.bytes(), WHAT));
    }
    long page = number / pageEntries;
    Bytes head = file.verified(block, headBytes + bitmapBytes + CHECKSUM_BYTES, WHAT);
    head.signature("FADB", WHAT);
    head.skip(headBytes - 4);
    if (!ChunkEntries.isSet(head, page)) {
      return null;
    }
    long pageBytes = pageEntries * entries.bytes() + CHECKSUM_BYTES;
    long here = Math.min(pageEntries, count - page * pageEntries);
    long start = block + headBytes + bitmapBytes + CHECKSUM_BYTES + page * pageBytes;
    Bytes data = file.verified(start, here * entries.bytes() + CHECKSUM_BYTES, WHAT);
    data.skip((int) (number % pageEntries) * entries.bytes());
    return entries.read(data);
  }

  /** The checksum of a block without pages; it has at most as many entries as a page. */
  private void requireWhole() {
    Bytes data = file.structure(block, headBytes + count * entries.bytes() + CHECKSUM_BYTES, WHAT);
    byte[] all = data.take(data.remaining());
    FileBytes.requireChecksum(all, WHAT);
    file.cursor(all, all.length).signature("FADB", WHAT);
  }
}
