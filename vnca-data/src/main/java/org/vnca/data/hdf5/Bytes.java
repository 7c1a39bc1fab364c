package org.vnca.data.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A cursor over some of a file's bytes, little-endian; running off the end is a fault. */
final class Bytes {
  /** An address that points nowhere: all bits set, at whatever width. */
  static final long UNDEFINED = -1;

  private final byte[] data;
  private final int end;
  private final int offsetBytes;
  private final int lengthBytes;
  private int position;

  Bytes(byte[] data, int from, int end, int offsetBytes, int lengthBytes) {
    this.data = data;
    this.position = from;
    this.end = end;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
  }

  int u8() {
    require(1);
    return data[position++] & 0xFF;
  }

  int u16() {
    return (int) unsigned(2);
  }

  long u32() {
    return unsigned(4);
  }

  int i32() {
    return (int) unsigned(4);
  }

  /** A count that must be an int: what a file claims and memory has to hold. */
  int count32() {
    long value = u32();
    if (value > Integer.MAX_VALUE - 8) {
      throw Hdf5Fault.damaged("it counts %d bytes in a place for few", value);
    }
    return (int) value;
  }

  /** An address, or {@link #UNDEFINED}. */
  long offset() {
    long value = unsigned(offsetBytes);
    return offsetBytes < 8 && value == (1L << (8 * offsetBytes)) - 1 ? UNDEFINED : value;
  }

  /** A length; beyond 2^63 it is negative, which no bound lets pass. */
  long length() {
    return unsigned(lengthBytes);
  }

  /** A length, or {@link #UNDEFINED} where all its bits are set, at whatever width. */
  long lengthOrUnlimited() {
    long value = unsigned(lengthBytes);
    return lengthBytes < 8 && value == (1L << (8 * lengthBytes)) - 1 ? UNDEFINED : value;
  }

  /** An integer of 1 to 8 bytes. */
  long unsigned(int bytes) {
    require(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (data[position + i] & 0xFFL) << (8 * i);
    }
    position += bytes;
    return value;
  }

  byte[] take(int count) {
    require(count);
    position += count;
    return Arrays.copyOfRange(data, position - count, position);
  }

  void skip(int count) {
    require(count);
    position += count;
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  /** The next {@code count} bytes as a cursor of their own. */
  Bytes slice(int count) {
    require(count);
    Bytes slice = new Bytes(data, position, position + count, offsetBytes, lengthBytes);
    position += count;
    return slice;
  }

  /** The same bytes from the same position, read independently. */
  Bytes copy() {
    return new Bytes(data, position, end, offsetBytes, lengthBytes);
  }

  /** Text up to a zero byte, which is passed over. */
  String zeroTerminated() {
    int zero = position;
    while (zero < end && data[zero] != 0) {
      zero++;
    }
    String text = text(zero - position);
    skip(1);
    return text;
  }

  String text(int count) {
    require(count);
    position += count;
    return new String(data, position - count, count, StandardCharsets.UTF_8);
  }

  void signature(String expected, String what) {
    if (remaining() < expected.length()
        || !expected.equals(
            new String(data, position, expected.length(), StandardCharsets.ISO_8859_1))) {
      throw Hdf5Fault.damaged("%s does not begin with %s", what, expected);
    }
    position += expected.length();
  }

  private void require(int count) {
    if (count < 0 || count > end - position) {
      throw Hdf5Fault.damaged("a structure ends %d bytes too early", count - (end - position));
    }
  }
}
