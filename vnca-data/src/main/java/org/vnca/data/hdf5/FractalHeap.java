package org.vnca.data.hdf5;

/** A heap of small objects: the links and attributes of objects that have many. */
final class FractalHeap {
  private static final String WHAT = "a heap of names";
  private static final int CHECKSUM_BYTES = 4;
  private static final int MANAGED = 0;
  private static final int TINY = 2;
  private static final int DEEPEST = 32;

  private final FileBytes file;
  private final int idBytes;
  private final boolean checksums;
  private final int width;
  private final long startBytes;
  private final long longestDirect;
  private final int offsetBytes;
  private final int lengthBytes;
  private final long root;
  private final int rootRows;

  FractalHeap(FileBytes file, long address) {
    this.file = file;
    int length = 22 + 12 * file.lengthBytes() + 3 * file.offsetBytes() + CHECKSUM_BYTES;
    Bytes header = file.structure(address, Math.min(length, file.length()), WHAT);
    header.signature("FRHP", WHAT);
    header.skip(1);
    this.idBytes = header.u16();
    if (header.u16() != 0) {
      throw Hdf5Fault.unsupported("copy it with h5repack", "keeps its names in a compressed heap");
    }
    this.checksums = (header.u8() & 2) != 0;
    long longestObject = header.u32();
    header.skip(10 * file.lengthBytes() + 2 * file.offsetBytes());
    this.width = header.u16();
    this.startBytes = header.length();
    this.longestDirect = header.length();
    int heapBits = header.u16();
    header.skip(2);
    this.root = header.offset();
    this.rootRows = header.u16();
    if (width < 1
        || Long.bitCount(width) != 1
        || startBytes < 1
        || Long.bitCount(startBytes) != 1
        || Long.bitCount(longestDirect) != 1
        || longestDirect < startBytes
        || heapBits > 64) {
      throw Hdf5Fault.damaged("%s has rows of %d blocks of %d bytes", WHAT, width, startBytes);
    }
    this.offsetBytes = (heapBits + 7) / 8;
    this.lengthBytes =
        Math.min((log2(longestDirect) + 7) / 8, log2(Math.max(1, longestObject)) / 8 + 1);
    file.verified(address, length, WHAT);
  }

  /** The object with an identifier. */
  Bytes object(Bytes identifier) {
    Bytes id = identifier.slice(idBytes);
    int flags = id.u8();
    return switch (flags >>> 4 & 3) {
      case MANAGED -> {
        long offset = id.unsigned(offsetBytes);
        int length = (int) id.unsigned(lengthBytes);
        yield managed(offset, length);
      }
      case TINY -> {
        int high = idBytes > 17 ? (flags & 0xF) << 8 | id.u8() : flags & 0xF;
        yield id.slice(high + 1);
      }
      default ->
          throw Hdf5Fault.unsupported(
              "make it shorter", "has an attribute or a link of more than 64 KiB");
    };
  }

  private Bytes managed(long offset, int length) {
    if (offset < 0) {
      throw Hdf5Fault.damaged("%s has no byte %s", WHAT, Long.toUnsignedString(offset));
    }
    long address = root;
    long within = offset;
    long blockBytes = startBytes;
    int rows = rootRows;
    for (int level = 0; rows > 0; level++) {
      long rowStart = startBytes * width;
      int row = within < rowStart ? 0 : log2(within / rowStart) + 1;
      if (row >= rows || level > DEEPEST) {
        throw Hdf5Fault.damaged("%s has no byte %d", WHAT, offset);
      }
      blockBytes = row == 0 ? startBytes : startBytes << (row - 1);
      within -= row == 0 ? 0 : rowStart << (row - 1);
      int column = (int) (within / blockBytes);
      within %= blockBytes;
      address = child(address, rows, row * width + column);
      rows = blockBytes <= longestDirect ? 0 : log2(blockBytes / rowStart) + 1;
    }
    Bytes block = direct(address, blockBytes);
    block.skip((int) Math.min(Integer.MAX_VALUE, within));
    return block.slice(length);
  }

  private long child(long address, int rows, int number) {
    int head = 5 + file.offsetBytes() + offsetBytes;
    long length = head + (long) rows * width * file.offsetBytes() + CHECKSUM_BYTES;
    Bytes block = file.verified(address, length, WHAT);
    block.signature("FHIB", WHAT);
    block.skip(head - 4 + number * file.offsetBytes());
    return block.offset();
  }

  private Bytes direct(long address, long blockBytes) {
    Bytes block = file.kept(address, blockBytes, WHAT);
    block.copy().signature("FHDB", WHAT);
    if (checksums) {
      byte[] data = block.copy().take((int) blockBytes);
      int at = 5 + file.offsetBytes() + offsetBytes;
      Bytes sum = block.copy();
      sum.skip(at);
      int stored = sum.i32();
      for (int i = 0; i < CHECKSUM_BYTES; i++) {
        data[at + i] = 0;
      }
      if (stored != Lookup3.hash(data, 0, data.length)) {
        throw Hdf5Fault.damaged("%s does not match its checksum", WHAT);
      }
    }
    return block;
  }

  private static int log2(long value) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, value));
  }
}
