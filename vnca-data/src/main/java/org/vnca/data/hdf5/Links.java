package org.vnca.data.hdf5;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the names of a group, in the three ways in which they are stored. */
final class Links {
  private static final int SYMBOLS = 0;
  private static final int BY_NAME = 5;
  private static final int SOFT_ENTRY = 2;
  private static final int SOFT = 1;
  private static final int EXTERNAL = 64;
  private static final String TREE = "the tree of a group's names";
  private static final String NAMES = "a list of a group's names";

  private final FileBytes file;
  private final Map<String, Link> links = new TreeMap<>();

  private Links(FileBytes file) {
    this.file = file;
  }

  /** A group's links by name, in alphabetical order. */
  static Map<String, Link> read(FileBytes file, ObjectHeader header) {
    Links links = new Links(file);
    header.find(ObjectHeader.SYMBOL_TABLE).ifPresent(links::readSymbols);
    header.all(ObjectHeader.LINK).forEach(links::readLink);
    header.find(ObjectHeader.LINK_INFO).ifPresent(links::readDense);
    return links.links;
  }

  private void readLink(Bytes data) {
    int version = data.u8();
    if (version != 1) {
      throw Hdf5Fault.damaged("a link has version %d", version);
    }
    int flags = data.u8();
    int kind = (flags & 8) != 0 ? data.u8() : 0;
    data.skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
    long length = data.unsigned(1 << (flags & 3));
    String name = data.text((int) Math.max(-1, Math.min(Integer.MAX_VALUE, length)));
    Link link =
        switch (kind) {
          case 0 -> new Link.Hard(data.offset());
          case SOFT -> new Link.Soft(data.text(data.u16()));
          case EXTERNAL -> external(data.slice(data.u16()));
          default -> new Link.Unknown(kind);
        };
    links.put(name, link);
  }

  private static Link external(Bytes value) {
    value.skip(1);
    String file = value.zeroTerminated();
    return new Link.External(file, value.zeroTerminated());
  }

  private void readDense(Bytes info) {
    info.skip(1);
    info.skip((info.u8() & 1) != 0 ? 8 : 0);
    long heapAddress = info.offset();
    long tree = info.offset();
    if (heapAddress == Bytes.UNDEFINED) {
      return;
    }
    FractalHeap heap = new FractalHeap(file, heapAddress);
    new BTree2(file, tree, BY_NAME, TREE)
        .forEach(
            record -> {
              record.skip(4); // the name's hash
              readLink(heap.object(record));
            });
  }

  private void readSymbols(Bytes message) {
    long tree = message.offset();
    Bytes heap = localHeap(message.offset());
    visit(tree, -1, heap, new HashSet<>());
  }

  private Bytes localHeap(long address) {
    int head = 8 + 2 * file.lengthBytes() + file.offsetBytes();
    Bytes start = file.structure(address, head, NAMES);
    start.signature("HEAP", NAMES);
    start.skip(4);
    long length = start.length();
    start.length(); // where free space begins
    return file.structure(start.offset(), length, NAMES);
  }

  private void visit(long address, int above, Bytes heap, Set<Long> seen) {
    int head = 8 + 2 * file.offsetBytes();
    Bytes start = file.structure(address, head, TREE);
    start.signature("TREE", TREE);
    int type = start.u8();
    int level = start.u8();
    int entries = start.u16();
    if (type != SYMBOLS || (above >= 0 && level != above - 1) || !seen.add(address)) {
      throw Hdf5Fault.damaged("%s goes in a circle", TREE);
    }
    long length = entries * (long) (file.lengthBytes() + file.offsetBytes());
    Bytes data = file.structure(address + head, length, TREE);
    for (int i = 0; i < entries; i++) {
      data.length(); // the first name below
      long child = data.offset();
      if (level > 0) {
        visit(child, level, heap, seen);
      } else if (seen.add(child)) {
        readNode(child, heap);
      } else {
        throw Hdf5Fault.damaged("%s goes in a circle", TREE);
      }
    }
  }

  private void readNode(long address, Bytes heap) {
    Bytes start = file.structure(address, 8, NAMES);
    start.signature("SNOD", NAMES);
    start.skip(2);
    int entries = start.u16();
    int entryBytes = file.lengthBytes() + file.offsetBytes() + 24;
    Bytes data = file.structure(address + 8, (long) entries * entryBytes, NAMES);
    for (int i = 0; i < entries; i++) {
      Bytes entry = data.slice(entryBytes);
      String name = name(heap, entry.length());
      long header = entry.offset();
      boolean soft = entry.u32() == SOFT_ENTRY;
      entry.skip(4);
      links.put(name, soft ? new Link.Soft(name(heap, entry.u32())) : new Link.Hard(header));
    }
  }

  private static String name(Bytes heap, long at) {
    Bytes data = heap.copy();
    data.skip((int) Math.max(-1, Math.min(Integer.MAX_VALUE, at)));
    return data.zeroTerminated();
  }
}
