package org.vnca.data.hdf5;

/** Chunks in a version-1 B-tree, keyed by their first element. */
final class BTree1Chunks implements ChunkIndex {
  private static final String WHAT = "the index of its chunks";
  private static final int CHUNKS = 1;

  private final FileBytes file;
  private final long root;
  private final long[] chunk;
  private final int keyBytes;
  private final int childBytes;

  /**
   * @param chunk lengths of a chunk's axes
   */
  BTree1Chunks(FileBytes file, long root, long[] chunk) {
    this.file = file;
    this.root = root;
    this.chunk = chunk;
    this.keyBytes = 8 + 8 * (chunk.length + 1);
    this.childBytes = file.offsetBytes();
  }

  @Override
  public Place find(long[] scaled) {
    long address = root;
    int level = -1;
    while (true) {
      Node node = node(address);
      if (level >= 0 && node.level != level - 1) {
        throw Hdf5Fault.damaged("%s goes in a circle", WHAT);
      }
      level = node.level;
      int entry = lastNotAfter(node, scaled);
      if (entry < 0) {
        return null;
      }
      Bytes key = at(node, entry);
      long bytes = key.u32();
      int mask = key.i32();
      int order = compare(key, scaled);
      key.skip(8);
      if (level > 0) {
        address = key.offset();
      } else {
        return order == 0 ? new Place(key.offset(), bytes, mask) : null;
      }
    }
  }

  private record Node(Bytes data, int level, int entries) {}

  private Node node(long address) {
    int head = 8 + 2 * childBytes;
    Bytes start = file.kept(address, head, WHAT);
    start.signature("TREE", WHAT);
    int type = start.u8();
    int level = start.u8();
    int entries = start.u16();
    if (type != CHUNKS) {
      throw Hdf5Fault.damaged("%s is of kind %d", WHAT, type);
    }
    long length = (long) entries * (keyBytes + childBytes);
    // Kept under its own address: behind the head.
    return new Node(file.kept(address + head, length, WHAT), level, entries);
  }

  private int lastNotAfter(Node node, long[] scaled) {
    int low = 0;
    int high = node.entries - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Bytes key = at(node, middle);
      key.skip(8);
      if (compare(key, scaled) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private Bytes at(Node node, int entry) {
    Bytes key = node.data.copy();
    key.skip(entry * (keyBytes + childBytes));
    return key;
  }

  /** Compares a key with a chunk, and reads all of its offsets but that of the element's bytes. */
  private int compare(Bytes key, long[] scaled) {
    int order = 0;
    for (int axis = 0; axis < chunk.length; axis++) {
      long offset = key.unsigned(8);
      if (order == 0) {
        order = Long.compare(offset, scaled[axis] * chunk[axis]);
      }
    }
    return order;
  }
}
