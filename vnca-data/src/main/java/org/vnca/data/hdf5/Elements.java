package org.vnca.data.hdf5;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vnca.data.hdf5.ElementType.FloatingParts;
import org.vnca.data.hdf5.ElementType.Kind;
import org.vnca.data.hdf5.ElementType.Text;

/** Makes numbers and text of stored elements. */
final class Elements {
  private static final double TWO_TO_64 = 0x1p64;

  private Elements() {}

  /** An integer, enumeration or bit field; unsigned 64 bits come as they are. */
  static long whole(ElementType type, byte[] data, int at) {
    long bits = bits(type, data, at) >>> type.bitOffset();
    int unused = Long.SIZE - type.precision();
    return type.signed() ? bits << unused >> unused : bits << unused >>> unused;
  }

  /** A whole or floating-point number. */
  static double number(ElementType type, byte[] data, int at) {
    if (type.kind() != Kind.FLOAT) {
      long value = whole(type, data, at);
      if (type.signed() || value >= 0) {
        return value;
      }
      // Halved with its lowest bit kept, so that the rounding is that of the whole number.
      double half = (value >>> 1) | (value & 1);
      return Math.min(2 * half, TWO_TO_64);
    }
    FloatingParts parts = type.floating();
    long bits = bits(type, data, at);
    if (isDouble(parts)) {
      return Double.longBitsToDouble(bits);
    }
    if (isSingle(parts)) {
      return Float.intBitsToFloat((int) bits);
    }
    long mantissa = bits >>> parts.mantissa() & (1L << parts.mantissaBits()) - 1;
    long exponent = bits >>> parts.exponent() & (1L << parts.exponentBits()) - 1;
    double magnitude = magnitude(parts, exponent, mantissa);
    return (bits >>> parts.sign() & 1) == 0 ? magnitude : -magnitude;
  }

  /** Text that is stored in place. */
  static String text(ElementType type, byte[] data, int at) {
    int end = at;
    int limit = at + type.size();
    if (type.text() == Text.ZERO_TERMINATED) {
      while (end < limit && data[end] != 0) {
        end++;
      }
    } else {
      byte padding = (byte) (type.text() == Text.SPACE_PADDED ? ' ' : 0);
      end = limit;
      while (end > at && data[end - 1] == padding) {
        end--;
      }
    }
    return new String(data, at, end - at, StandardCharsets.UTF_8);
  }

  private static double magnitude(FloatingParts parts, long exponent, long mantissa) {
    int bits = parts.mantissaBits();
    if (!parts.impliedBit()) {
      return Math.scalb((double) mantissa, clamped(exponent - parts.bias() - bits + 1));
    }
    if (exponent == (1L << parts.exponentBits()) - 1) {
      return mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? Math.scalb((double) mantissa, clamped(1 - parts.bias() - bits))
        : Math.scalb((double) (mantissa | 1L << bits), clamped(exponent - parts.bias() - bits));
  }

  private static int clamped(long exponent) {
    return (int) Math.max(-5000, Math.min(5000, exponent));
  }

  private static boolean isDouble(FloatingParts parts) {
    return parts.equals(new FloatingParts(63, 52, 11, 0, 52, 1023, true));
  }

  private static boolean isSingle(FloatingParts parts) {
    return parts.equals(new FloatingParts(31, 23, 8, 0, 23, 127, true));
  }

  private static long bits(ElementType type, byte[] data, int at) {
    int size = type.size();
    boolean little = type.order() == ByteOrder.LITTLE_ENDIAN;
    long bits = 0;
    for (int i = 0; i < size; i++) {
      bits |= (data[little ? at + i : at + size - 1 - i] & 0xFFL) << (8 * i);
    }
    return bits;
  }
}
