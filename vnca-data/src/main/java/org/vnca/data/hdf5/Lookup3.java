package org.vnca.data.hdf5;

/** Bob Jenkins' lookup3 hash as HDF5 uses it: the checksum of its newer structures. */
final class Lookup3 {
  private static final int INITIAL = 0xdeadbeef;

  private Lookup3() {}

  /** The hash of {@code data[from, from + length)}, with initial value 0. */
  static int hash(byte[] data, int from, int length) {
    int a = INITIAL + length;
    int b = a;
    int c = a;
    int at = from;
    int left = length;
    while (left > 12) {
      a += word(data, at, 4);
      b += word(data, at + 4, 4);
      c += word(data, at + 8, 4);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
      at += 12;
      left -= 12;
    }
    if (left == 0) {
      return c;
    }
    a += word(data, at, Math.min(4, left));
    b += word(data, at + 4, Math.min(4, left - 4));
    c += word(data, at + 8, Math.min(4, left - 8));
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    c = (c ^ b) - Integer.rotateLeft(b, 24);
    return c;
  }

  /** Up to four bytes, little-endian; none where {@code count} is not positive. */
  private static int word(byte[] data, int at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (data[at + i] & 0xFF) << (8 * i);
    }
    return value;
  }
}
