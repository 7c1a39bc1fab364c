package org.vnca.data.hdf5;

import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.data.hdf5.ElementType.FloatingParts;
import org.vnca.data.hdf5.ElementType.Kind;
import org.vnca.data.hdf5.ElementType.Text;

/** Reads the message that describes elements. */
final class Datatype {
  private static final int LARGEST_NUMBER = 8;
  private static final int IMPLIED_BIT = 2;

  /** Longer elements are not read, so that a damaged size allocates nothing. */
  private static final int LONGEST_TEXT = 16 << 20;

  private Datatype() {}

  static ElementType read(Bytes data) {
    int head = data.u8();
    int version = head >>> 4;
    int flags = (int) data.unsigned(3);
    int size = data.count32();
    if (size == 0) {
      throw Hdf5Fault.damaged("its elements have no bytes");
    }
    return switch (head & 0xF) {
      case 0 -> whole(Kind.INTEGER, (flags & 8) != 0, flags, size, data);
      case 1 -> floating(flags, size, data);
      case 2 -> other(size, "time");
      case 3 -> text(flags & 0xF, size);
      case 4 -> whole(Kind.BITFIELD, false, flags, size, data);
      case 5 -> other(size, "opaque data");
      case 6 -> other(size, "compound records");
      case 7 -> other(size, "references");
      case 8 -> enumeration(version, flags & 0xFFFF, size, data);
      case 9 ->
          (flags & 0xF) == 1
              ? plain(Kind.STRING, size, Text.VARIABLE, "text")
              : other(size, "lists of various lengths");
      case 10 -> other(size, "arrays");
      case 11 -> other(size, "complex numbers");
      default -> other(size, "elements of an unknown class (%d)".formatted(head & 0xF));
    };
  }

  private static ElementType whole(Kind kind, boolean signed, int flags, int size, Bytes data) {
    ByteOrder order = (flags & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int offset = data.u16();
    int precision = data.u16();
    String name = (kind == Kind.BITFIELD ? "bitfield" : signed ? "int" : "uint") + 8L * size;
    if (size > 1 && order == ByteOrder.BIG_ENDIAN) {
      name = "big-endian " + name;
    }
    if (size > LARGEST_NUMBER) {
      return other(size, name);
    }
    if (precision < 1 || offset + precision > 8 * size) {
      throw Hdf5Fault.damaged("its %s uses %d bits from bit %d", name, precision, offset);
    }
    if (precision < 8 * size) {
      name += " of %d bits".formatted(precision);
    }
    return new ElementType(
        kind, size, signed, order, offset, precision, Map.of(), null, null, name);
  }

  private static ElementType floating(int flags, int size, Bytes data) {
    boolean big = (flags & 1) != 0;
    String name = (size > 1 && big ? "big-endian " : "") + "float" + 8L * size;
    if (size > LARGEST_NUMBER || (flags & 0x40) != 0) {
      return other(size, name);
    }
    int offset = data.u16();
    int precision = data.u16();
    int exponent = data.u8();
    int exponentBits = data.u8();
    int mantissa = data.u8();
    int mantissaBits = data.u8();
    long bias = data.u32();
    int sign = flags >>> 8 & 0xFF;
    int bits = 8 * size;
    if (sign >= bits
        || exponent + exponentBits > bits
        || mantissa + mantissaBits > bits
        || exponentBits < 1
        || exponentBits > 31
        || mantissaBits < 1
        || mantissaBits > 52) {
      throw Hdf5Fault.damaged("the parts of its %s do not fit into it", name);
    }
    FloatingParts parts =
        new FloatingParts(
            sign,
            exponent,
            exponentBits,
            mantissa,
            mantissaBits,
            bias,
            (flags >>> 4 & 3) == IMPLIED_BIT);
    return new ElementType(
        Kind.FLOAT,
        size,
        true,
        big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        offset,
        precision,
        Map.of(),
        null,
        parts,
        name);
  }

  private static ElementType text(int padding, int size) {
    if (size > LONGEST_TEXT) {
      return other(size, "text of %d bytes".formatted(size));
    }
    Text text =
        switch (padding) {
          case 0 -> Text.ZERO_TERMINATED;
          case 1 -> Text.ZERO_PADDED;
          case 2 -> Text.SPACE_PADDED;
          default -> throw Hdf5Fault.damaged("its text has padding of kind %d", padding);
        };
    return plain(Kind.STRING, size, text, "text of %d bytes".formatted(size));
  }

  private static ElementType enumeration(int version, int members, int size, Bytes data) {
    if ((data.copy().u8() & 0xF) != 0) {
      return other(size, "an enumeration of no integers");
    }
    ElementType base = read(data);
    if (base.kind() != Kind.INTEGER || base.size() != size) {
      return other(size, "an enumeration of " + base.name());
    }
    String[] names = new String[Math.min(members, data.remaining())];
    for (int i = 0; i < names.length; i++) {
      int start = data.position();
      names[i] = data.zeroTerminated();
      if (version < 3) {
        data.skip(-(data.position() - start) & 7);
      }
    }
    Map<String, Long> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, Elements.whole(base, data.take(size), 0));
    }
    return new ElementType(
        Kind.ENUM,
        size,
        base.signed(),
        base.order(),
        base.bitOffset(),
        base.precision(),
        values,
        null,
        null,
        "an enumeration " + shortened(values));
  }

  private static String shortened(Map<String, Long> values) {
    return values.size() <= 4 ? values.toString() : "of %d names".formatted(values.size());
  }

  private static ElementType other(int size, String name) {
    return plain(Kind.OTHER, size, null, name);
  }

  private static ElementType plain(Kind kind, int size, Text text, String name) {
    return new ElementType(
        kind, size, false, ByteOrder.LITTLE_ENDIAN, 0, 0, Map.of(), text, null, name);
  }
}
