package org.vnca.data.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The messages that describe an object, of header versions 1 and 2, continuations included. */
final class ObjectHeader {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int OLD_FILL = 0x04;
  static final int FILL = 0x05;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int GROUP_INFO = 0x0A;
  static final int FILTERS = 0x0B;
  static final int ATTRIBUTE = 0x0C;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;

  private static final String WHAT = "an object header";
  private static final int SHARED = 0x02;
  private static final int COMMITTED = 2;

  /** Shared messages of shared messages do not occur; a few levels are more than enough. */
  private static final int MOST_SHARING = 4;

  /** A message; {@code data} is a fresh cursor at each call of {@link #find}. */
  private record Message(int type, int flags, Bytes data) {}

  private record Block(long address, long length) {}

  private final FileBytes file;
  private final int sharing;
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Block> continued = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();

  private ObjectHeader(FileBytes file, int sharing) {
    this.file = file;
    this.sharing = sharing;
  }

  static ObjectHeader read(FileBytes file, long address) {
    return read(file, address, 0);
  }

  private static ObjectHeader read(FileBytes file, long address, int sharing) {
    ObjectHeader header = new ObjectHeader(file, sharing);
    Bytes start = file.structure(address, Math.min(4, file.length()), WHAT);
    if (start.u8() == 'O') {
      header.readRecent(address);
    } else {
      header.readOld(address);
    }
    return header;
  }

  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type == type);
  }

  /** The first message of a type. */
  Optional<Bytes> find(int type) {
    return messages.stream().filter(message -> message.type == type).findFirst().map(this::open);
  }

  /** The first message of a type, which must be there. */
  Bytes get(int type, String what) {
    return find(type).orElseThrow(() -> Hdf5Fault.damaged("it has no %s", what));
  }

  /** All messages of a type. */
  List<Bytes> all(int type) {
    return messages.stream().filter(message -> message.type == type).map(this::open).toList();
  }

  /** The message itself, or the one that a shared one stands for. */
  private Bytes open(Message message) {
    return (message.flags & SHARED) == 0
        ? message.data.copy()
        : shared(message.data.copy(), message.type);
  }

  /** What a reference to a message in another header stands for. */
  Bytes shared(Bytes reference, int type) {
    int version = reference.u8();
    int kind = reference.u8();
    if (version == 1) {
      reference.skip(6);
    }
    if (version == 3 && kind != COMMITTED) {
      throw Hdf5Fault.unsupported(
          "copy it with h5repack", "keeps its description in a table of shared messages");
    }
    if (sharing >= MOST_SHARING) {
      throw Hdf5Fault.damaged("its description is shared in a circle");
    }
    return read(file, reference.offset(), sharing + 1).get(type, "shared message");
  }

  private void readOld(long address) {
    Bytes prefix = file.structure(address, 16, WHAT);
    if (prefix.u8() != 1) {
      throw Hdf5Fault.damaged("no object header is at byte %d", address);
    }
    prefix.skip(1);
    int count = prefix.u16();
    prefix.skip(4);
    long length = prefix.u32();
    continued.add(new Block(address + 16, length));
    while (!continued.isEmpty()) {
      Block block = next();
      Bytes data = file.structure(block.address, block.length, WHAT);
      while (data.remaining() >= 8 && messages.size() < count) {
        int type = data.u16();
        int size = data.u16();
        int flags = data.u8();
        data.skip(3);
        add(type, flags, data.slice(size));
      }
    }
  }

  private void readRecent(long address) {
    Bytes prefix = file.structure(address, Math.min(64, file.length() - address), WHAT);
    prefix.signature("OHDR", WHAT);
    int version = prefix.u8();
    if (version != 2) {
      throw Hdf5Fault.damaged("an object header has version %d", version);
    }
    int flags = prefix.u8();
    prefix.skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
    long length = prefix.unsigned(1 << (flags & 3));
    int start = prefix.position();
    if (length < 0 || length > file.length()) {
      throw Hdf5Fault.damaged("an object header is longer than the file");
    }
    boolean ordered = (flags & 0x04) != 0;
    seen.add(address);
    Bytes first = file.verified(address, start + length + 4, WHAT);
    first.skip(start);
    readMessages(first, ordered);
    while (!continued.isEmpty()) {
      Block block = next();
      Bytes data = file.verified(block.address, block.length, WHAT);
      data.signature("OCHK", WHAT);
      readMessages(data, ordered);
    }
  }

  private void readMessages(Bytes data, boolean ordered) {
    int least = ordered ? 6 : 4;
    while (data.remaining() >= least) {
      int type = data.u8();
      int size = data.u16();
      int flags = data.u8();
      data.skip(ordered ? 2 : 0);
      add(type, flags, data.slice(size));
    }
  }

  private Block next() {
    Block block = continued.remove();
    if (!seen.add(block.address)) {
      throw Hdf5Fault.damaged("an object header continues in a circle");
    }
    return block;
  }

  private void add(int type, int flags, Bytes data) {
    messages.add(new Message(type, flags, data));
    if (type == CONTINUATION) {
      Bytes place = data.copy();
      continued.add(new Block(place.offset(), place.length()));
    }
  }
}
