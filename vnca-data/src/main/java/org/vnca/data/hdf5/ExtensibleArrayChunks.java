package org.vnca.data.hdf5;

/**
 * Chunks in an extensible array: arrays that grow along one axis. The first entries lie in an index
 * block, those after them in data blocks that become longer and longer, which super blocks point
 * to, and which are read in pages once they are long.
 */
final class ExtensibleArrayChunks implements ChunkIndex {
  private static final String WHAT = "the index of its chunks";
  private static final int CHECKSUM_BYTES = 4;

  private final FileBytes file;
  private final ChunkNumbers numbers;
  private final ChunkEntries entries;
  private final long indexEntries;
  private final long leastBlock;
  private final int directBlocks;
  private final int directSupers;
  private final int supers;
  private final long pageEntries;
  private final int headBytes;
  private final int blockOffsetBytes;
  private final long indexBlock;

  ExtensibleArrayChunks(FileBytes file, long address, ChunkNumbers numbers, boolean filtered) {
    this.file = file;
    this.numbers = numbers;
    int length = 12 + 6 * file.lengthBytes() + file.offsetBytes() + CHECKSUM_BYTES;
    Bytes header = file.verified(address, length, WHAT);
    header.signature("EAHD", WHAT);
    header.skip(2);
    this.entries = ChunkEntries.of(file, header.u8(), filtered);
    int countBits = header.u8();
    this.indexEntries = header.u8();
    this.leastBlock = header.u8();
    int leastPointers = header.u8();
    int pageBits = header.u8();
    header.skip(6 * file.lengthBytes());
    this.indexBlock = header.offset();
    if (countBits > 63
        || pageBits > 31
        || Long.bitCount(leastBlock) != 1
        || Integer.bitCount(leastPointers) != 1
        || log2(leastBlock) > countBits) {
      throw Hdf5Fault.damaged("%s has blocks of %d entries", WHAT, leastBlock);
    }
    this.pageEntries = 1L << pageBits;
    this.headBytes = 4 + 1 + 1 + file.offsetBytes();
    this.blockOffsetBytes = (countBits + 7) / 8;
    this.directBlocks = 2 * (leastPointers - 1);
    this.directSupers = 2 * log2(leastPointers);
    this.supers = Math.max(0, 1 + countBits - log2(leastBlock) - directSupers);
  }

  @Override
  public Place find(long[] scaled) {
    if (indexBlock == Bytes.UNDEFINED) {
      return null;
    }
    long number = numbers.of(scaled);
    long length =
        headBytes
            + indexEntries * entries.bytes()
            + (long) (directBlocks + supers) * file.offsetBytes()
            + CHECKSUM_BYTES;
    Bytes index = file.verified(indexBlock, length, WHAT);
    index.signature("EAIB", WHAT);
    index.skip(headBytes - 4);
    if (number < indexEntries) {
      index.skip((int) number * entries.bytes());
      return entries.read(index);
    }
    index.skip((int) indexEntries * entries.bytes());
    return beyond(number - indexEntries, index);
  }

  /** The entry of a number that counts from the first data block. */
  private Place beyond(long number, Bytes index) {
    int group = log2(number / leastBlock + 1);
    long groupStart = ((1L << group) - 1) * leastBlock;
    long blocks = 1L << (group / 2);
    long blockEntries = (1L << ((group + 1) / 2)) * leastBlock;
    long block = (number - groupStart) / blockEntries;
    long entry = (number - groupStart) % blockEntries;
    if (group < directSupers) {
      // The data blocks of the first groups are counted through.
      long before = firstBlock(group);
      index.skip((int) Math.min(Integer.MAX_VALUE, (before + block) * file.offsetBytes()));
      return inBlock(index.offset(), blockEntries, entry, null, 0);
    }
    if (group - directSupers >= supers) {
      throw Hdf5Fault.damaged("%s ends before chunk %d", WHAT, number + indexEntries);
    }
    index.skip((directBlocks + group - directSupers) * file.offsetBytes());
    long address = index.offset();
    if (address == Bytes.UNDEFINED) {
      return null;
    }
    long pages = blockEntries > pageEntries ? blockEntries / pageEntries : 0;
    long bitmapBytes = blocks * ((pages + 7) / 8);
    long length =
        headBytes + blockOffsetBytes + bitmapBytes + blocks * file.offsetBytes() + CHECKSUM_BYTES;
    Bytes superBlock = file.verified(address, length, WHAT);
    superBlock.signature("EASB", WHAT);
    superBlock.skip(headBytes - 4 + blockOffsetBytes);
    Bytes bitmap = superBlock.slice((int) bitmapBytes);
    superBlock.skip((int) block * file.offsetBytes());
    return inBlock(superBlock.offset(), blockEntries, entry, bitmap, block * pages);
  }

  /**
   * @param bitmap which pages were written; null where blocks have none
   * @param firstPage the bit of the block's first page
   */
  private Place inBlock(long address, long blockEntries, long entry, Bytes bitmap, long firstPage) {
    if (address == Bytes.UNDEFINED) {
      return null;
    }
    int head = headBytes + blockOffsetBytes;
    if (bitmap == null || blockEntries <= pageEntries) {
      Bytes block =
          file.verified(address, head + blockEntries * entries.bytes() + CHECKSUM_BYTES, WHAT);
      block.signature("EADB", WHAT);
      block.skip(head - 4 + (int) entry * entries.bytes());
      return entries.read(block);
    }
    file.verified(address, head + CHECKSUM_BYTES, WHAT).signature("EADB", WHAT);
    long page = entry / pageEntries;
    if (!ChunkEntries.isSet(bitmap, firstPage + page)) {
      return null;
    }
    long pageBytes = pageEntries * entries.bytes() + CHECKSUM_BYTES;
    Bytes data = file.verified(address + head + CHECKSUM_BYTES + page * pageBytes, pageBytes, WHAT);
    data.skip((int) (entry % pageEntries) * entries.bytes());
    return entries.read(data);
  }

  /** Data blocks in all groups before one. */
  private static long firstBlock(int group) {
    long blocks = 0;
    for (int before = 0; before < group; before++) {
      blocks += 1L << (before / 2);
    }
    return blocks;
  }

  private static int log2(long value) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
  }
}
