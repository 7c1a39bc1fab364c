package org.vnca.data.hdf5;

import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** A version-2 B-tree: records in order, in its leaves and in the nodes above. */
final class BTree2 {
  /** Deeper than any tree that fits into a file. */
  private static final int DEEPEST = 32;

  private static final int NODE_OVERHEAD = 10;

  private final FileBytes file;
  private final String what;
  private final int type;
  private final int nodeBytes;
  private final int recordBytes;
  private final int depth;
  private final long root;
  private final int rootRecords;
  private final int countBytes;
  private final int[] totalBytes;

  /**
   * @param type the kind of records that must be there
   * @param what names the tree in messages
   */
  BTree2(FileBytes file, long address, int type, String what) {
    this.file = file;
    this.what = what;
    this.type = type;
    int length = 4 + 1 + 1 + 4 + 2 + 2 + 2 + file.offsetBytes() + 2 + file.lengthBytes() + 4;
    Bytes header = file.verified(address, length, what);
    header.signature("BTHD", what);
    requireKind(header);
    this.nodeBytes = header.count32();
    this.recordBytes = header.u16();
    this.depth = header.u16();
    header.skip(2);
    this.root = header.offset();
    this.rootRecords = header.u16();
    if (recordBytes < 1 || depth > DEEPEST || nodeBytes < NODE_OVERHEAD + recordBytes) {
      throw Hdf5Fault.damaged("%s has nodes of %d bytes in %d levels", what, nodeBytes, depth + 1);
    }
    // How wide the counts in a node are follows from how many records there could be below it.
    int leaf = (nodeBytes - NODE_OVERHEAD) / recordBytes;
    long most = leaf;
    long all = most;
    this.countBytes = bytesFor(most);
    this.totalBytes = new int[depth + 1];
    for (int level = 1; level <= depth; level++) {
      int pointer = file.offsetBytes() + countBytes + totalBytes[level - 1];
      most = Math.max(0, (nodeBytes - NODE_OVERHEAD - pointer) / (recordBytes + pointer));
      all = saturated(all, most);
      totalBytes[level] = bytesFor(all);
    }
  }

  int recordBytes() {
    return recordBytes;
  }

  /**
   * Finds a record.
   *
   * @param order of a record, beside the one sought: negative where it comes before
   * @return null where there is none
   */
  Bytes find(ToIntFunction<Bytes> order) {
    long address = root;
    int records = rootRecords;
    for (int level = depth; address != Bytes.UNDEFINED; level--) {
      Bytes node = node(address, records, level);
      int low = 0;
      int high = records - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int compared = order.applyAsInt(record(node, middle));
        if (compared == 0) {
          return record(node, middle);
        }
        if (compared < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      if (level == 0) {
        return null;
      }
      Bytes child = child(node, records, low, level);
      address = child.offset();
      records = (int) child.unsigned(countBytes);
    }
    return null;
  }

  /** Hands over all records in order. */
  void forEach(Consumer<Bytes> visitor) {
    if (root != Bytes.UNDEFINED) {
      visit(root, rootRecords, depth, visitor, new long[] {file.length() / recordBytes + 1});
    }
  }

  /**
   * @param left records that there can still be, the file being no longer than it is
   */
  private void visit(long address, int records, int level, Consumer<Bytes> visitor, long[] left) {
    Bytes node = node(address, records, level);
    left[0] -= records + 1;
    if (left[0] < 0) {
      throw Hdf5Fault.damaged("%s goes in a circle", what);
    }
    for (int i = 0; i <= records; i++) {
      if (level > 0) {
        Bytes child = child(node, records, i, level);
        visit(child.offset(), (int) child.unsigned(countBytes), level - 1, visitor, left);
      }
      if (i < records) {
        visitor.accept(record(node, i));
      }
    }
  }

  private Bytes node(long address, int records, int level) {
    long length =
        6
            + (long) records * recordBytes
            + (level == 0 ? 0 : (records + 1L) * pointerBytes(level))
            + 4;
    if (length > nodeBytes) {
      throw Hdf5Fault.damaged("%s has a node of %d records", what, records);
    }
    Bytes node = file.verified(address, length, what);
    node.signature(level == 0 ? "BTLF" : "BTIN", what);
    requireKind(node);
    return node;
  }

  private void requireKind(Bytes data) {
    int version = data.u8();
    int kind = data.u8();
    if (version != 0 || kind != type) {
      throw Hdf5Fault.damaged("%s has version %d and records of kind %d", what, version, kind);
    }
  }

  private Bytes record(Bytes node, int number) {
    Bytes record = node.copy();
    record.skip(number * recordBytes);
    return record.slice(recordBytes);
  }

  private Bytes child(Bytes node, int records, int number, int level) {
    Bytes child = node.copy();
    child.skip(records * recordBytes + number * pointerBytes(level));
    return child;
  }

  private int pointerBytes(int level) {
    return file.offsetBytes() + countBytes + totalBytes[level - 1];
  }

  private static int bytesFor(long count) {
    return count <= 0 ? 1 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(count)) / 8 + 1;
  }

  private static long saturated(long all, long most) {
    return all > (Long.MAX_VALUE - most) / (most + 1) ? Long.MAX_VALUE : (most + 1) * all + most;
  }
}
