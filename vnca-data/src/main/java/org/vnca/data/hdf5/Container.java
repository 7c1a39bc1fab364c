package org.vnca.data.hdf5;

import java.nio.file.Path;

/**
 * One file on disk, and what its objects share.
 *
 * @param name what messages begin with
 * @param path of the file
 * @param owner the file that was opened, which this one belongs to
 * @param file its bytes
 * @param heap its text of various lengths
 * @param cache of decoded chunks
 * @param root address of the root group's header
 */
record Container(
    String name,
    Path path,
    Hdf5File owner,
    FileBytes file,
    GlobalHeap heap,
    ChunkCache cache,
    long root) {
  /** Names a path of this file in messages. */
  String where(String inside) {
    return "%s, %s".formatted(name, inside.startsWith("/") ? inside : "/" + inside);
  }

  Hdf5Group rootGroup(String path) {
    return new Hdf5Group(this, path, root);
  }

  /**
   * The object at an address.
   *
   * @param at the path that leads to it
   */
  Hdf5Node open(String at, long address) {
    try {
      ObjectHeader header = ObjectHeader.read(file, address);
      if (header.has(ObjectHeader.LAYOUT)) {
        return new Hdf5Array(this, at, header);
      }
      if (header.has(ObjectHeader.SYMBOL_TABLE)
          || header.has(ObjectHeader.LINK_INFO)
          || header.has(ObjectHeader.GROUP_INFO)) {
        return new Hdf5Group(this, at, address);
      }
      return new Hdf5Other(at, "is neither a group nor an array");
    } catch (Hdf5Fault e) {
      return new Hdf5Other(at, "%s; %s".formatted(e.getMessage(), e.advice()));
    }
  }
}
