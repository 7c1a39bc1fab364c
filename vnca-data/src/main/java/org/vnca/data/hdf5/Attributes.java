package org.vnca.data.hdf5;

import java.util.Optional;
import org.vnca.data.hdf5.ElementType.Kind;
import org.vnca.data.hdf5.ElementType.Text;

/** Finds an attribute of an object, and reads it where it is one piece of text or one number. */
final class Attributes {
  private static final int BY_NAME = 8;

  private final FileBytes file;
  private final GlobalHeap heap;
  private final ObjectHeader header;

  Attributes(FileBytes file, GlobalHeap heap, ObjectHeader header) {
    this.file = file;
    this.heap = heap;
    this.header = header;
  }

  /** The value as text; empty where there is no such attribute. */
  Optional<String> text(String name) {
    for (Bytes message : header.all(ObjectHeader.ATTRIBUTE)) {
      Optional<String> value = text(message, name);
      if (value.isPresent()) {
        return value;
      }
    }
    return header.find(ObjectHeader.ATTRIBUTE_INFO).flatMap(info -> dense(info, name));
  }

  private Optional<String> dense(Bytes info, String name) {
    info.skip(1);
    info.skip((info.u8() & 1) != 0 ? 2 : 0);
    long heapAddress = info.offset();
    long tree = info.offset();
    if (heapAddress == Bytes.UNDEFINED) {
      return Optional.empty();
    }
    FractalHeap names = new FractalHeap(file, heapAddress);
    String[] found = new String[1];
    new BTree2(file, tree, BY_NAME, "the tree of attributes")
        .forEach(
            record -> {
              if (found[0] == null) {
                found[0] = text(names.object(record), name).orElse(null);
              }
            });
    return Optional.ofNullable(found[0]);
  }

  /** The value, if this is the attribute. */
  private Optional<String> text(Bytes data, String name) {
    int version = data.u8();
    if (version < 1 || version > 3) {
      throw Hdf5Fault.damaged("an attribute has version %d", version);
    }
    int flags = data.u8();
    int nameBytes = data.u16();
    int typeBytes = data.u16();
    int spaceBytes = data.u16();
    data.skip(version == 3 ? 1 : 0);
    int unit = version == 1 ? 8 : 1;
    Bytes storedName = data.slice(padded(nameBytes, unit));
    if (!storedName.zeroTerminated().equals(name)) {
      return Optional.empty();
    }
    Bytes storedType = data.slice(padded(typeBytes, unit));
    Bytes storedSpace = data.slice(padded(spaceBytes, unit));
    boolean sharedType = version > 1 && (flags & 1) != 0;
    boolean sharedSpace = version > 1 && (flags & 2) != 0;
    ElementType type =
        Datatype.read(sharedType ? header.shared(storedType, ObjectHeader.DATATYPE) : storedType);
    Dataspace space =
        Dataspace.read(
            sharedSpace ? header.shared(storedSpace, ObjectHeader.DATASPACE) : storedSpace);
    if (space.elements() != 1 || type.kind() == Kind.OTHER) {
      throw Hdf5Fault.unsupported(
          "make it one text or one number", "holds %d of %s", space.elements(), type);
    }
    return Optional.of(value(type, data.slice(type.size())));
  }

  private String value(ElementType type, Bytes data) {
    if (type.text() == Text.VARIABLE) {
      return heap.text(data);
    }
    byte[] element = data.take(type.size());
    return switch (type.kind()) {
      case STRING -> Elements.text(type, element, 0);
      case FLOAT -> Double.toString(Elements.number(type, element, 0));
      default -> Long.toString(Elements.whole(type, element, 0));
    };
  }

  private static int padded(int bytes, int unit) {
    return (bytes + unit - 1) / unit * unit;
  }
}
