package org.vnca.data.hdf5;

/** Chunks in a version-2 B-tree: arrays that grow along several axes. */
final class BTree2Chunks implements ChunkIndex {
  private static final int PLAIN = 10;
  private static final int FILTERED = 11;
  private static final int MASK_BYTES = 4;

  private final BTree2 tree;
  private final int rank;
  private final int sizeBytes;

  BTree2Chunks(FileBytes file, long address, int rank, boolean filtered) {
    this.tree = new BTree2(file, address, filtered ? FILTERED : PLAIN, "the index of its chunks");
    this.rank = rank;
    int rest = tree.recordBytes() - file.offsetBytes() - 8 * rank;
    this.sizeBytes = filtered ? rest - MASK_BYTES : 0;
    if (filtered ? sizeBytes < 1 || sizeBytes > 8 : rest != 0) {
      throw Hdf5Fault.damaged(
          "the index of its chunks has entries of %d bytes", tree.recordBytes());
    }
  }

  @Override
  public Place find(long[] scaled) {
    Bytes record = tree.find(candidate -> order(candidate, scaled));
    if (record == null) {
      return null;
    }
    long address = record.offset();
    return sizeBytes == 0
        ? new Place(address, -1, 0)
        : new Place(address, record.unsigned(sizeBytes), record.i32());
  }

  private int order(Bytes record, long[] scaled) {
    record.offset();
    record.skip(sizeBytes == 0 ? 0 : sizeBytes + MASK_BYTES);
    int order = 0;
    for (int axis = 0; axis < rank && order == 0; axis++) {
      order = Long.compareUnsigned(record.unsigned(8), scaled[axis]);
    }
    return order;
  }
}
