package org.vnca.data.imports;

import java.io.IOException;

/**
 * The frame of a lossy WebP (RFC 6386, section 9): where its parts lie, so that bytes can be put
 * behind each.
 */
final class Vp8Frame {
  private static final int HEADER = 10;
  private static final int MOST_FIRST = (1 << 19) - 1;
  private static final int MOST_OTHER = (1 << 24) - 1;

  private final byte[] file;
  private final int at;
  private final int end;
  private final int tag;

  private Vp8Frame(byte[] file, int at, int length) throws IOException {
    this.file = file;
    this.at = at;
    this.end = at + length;
    if (length < HEADER) {
      throw new IOException("is cut off");
    }
    this.tag = number(at);
    boolean key = (tag & 1) == 0;
    boolean shown = (tag & 16) != 0;
    boolean known = ((tag >> 1) & 7) <= 3;
    if (!key || !shown || !known || number(at + 3) != 0x2A019D) {
      throw new IOException("is damaged: its frame's header is none of a picture");
    }
    if (at + HEADER + first() > end) {
      throw new IOException("is cut off");
    }
  }

  /**
   * The same frame with more bytes behind each of its parts. A decoder that reads no further than a
   * part goes makes the same pixels of it.
   *
   * @param more bytes behind each part, fewer where its length has no room for them
   * @param fill what they are; the code is ordered, so what all zeros and all ones make alike, any
   *     bytes do
   * @throws IOException if the frame is cut off or damaged
   */
  static byte[] padded(byte[] file, int at, int length, int more, int fill) throws IOException {
    return new Vp8Frame(file, at, length).padded(more, fill);
  }

  /** Width and height. */
  static int[] size(byte[] file, int at, int length) throws IOException {
    Vp8Frame frame = new Vp8Frame(file, at, length);
    return new int[] {frame.number(at + 6) & 0x3FFF, (frame.number(at + 7) >> 8) & 0x3FFF};
  }

  /**
   * Whether the edges of blocks are smoothed behind the decoding (section 15).
   *
   * @throws IOException if the frame is cut off or damaged
   */
  static boolean isFiltered(byte[] file, int at, int length) throws IOException {
    return new Vp8Frame(file, at, length).header().filterLevel != 0;
  }

  private Header header() {
    return new Header(at + HEADER, at + HEADER + first());
  }

  private byte[] padded(int more, int fill) throws IOException {
    int parts = 1 << header().logarithmOfParts;
    int table = at + HEADER + first();
    int from = table + 3 * (parts - 1);
    if (from > end) {
      throw new IOException("is cut off");
    }
    StoredPicture.Bytes padded = new StoredPicture.Bytes(end - at + more * (parts + 1));
    int behindFirst = Math.min(more, MOST_FIRST - first());
    putNumber(padded, tag + (behindFirst << 5));
    padded.put(file, at + 3, table - at - 3);
    fill(padded, behindFirst, fill);
    for (int part = 0; part < parts - 1; part++) {
      putNumber(padded, Math.min(MOST_OTHER, number(table + 3 * part) + more));
    }
    for (int part = 0; part < parts; part++) {
      boolean last = part == parts - 1;
      int size = last ? end - from : number(table + 3 * part);
      if (size > end - from) {
        throw new IOException("is cut off");
      }
      padded.put(file, from, size);
      fill(padded, last ? more : Math.min(more, MOST_OTHER - size), fill);
      from += size;
    }
    return padded.toByteArray();
  }

  /** Bytes of the first part, which has the header and how each block is predicted. */
  private int first() {
    return tag >> 5;
  }

  private int number(int place) {
    return (file[place] & 0xFF)
        | ((file[place + 1] & 0xFF) << 8)
        | ((file[place + 2] & 0xFF) << 16);
  }

  private static void putNumber(StoredPicture.Bytes to, int number) {
    to.put(number, number >> 8, number >> 16);
  }

  private static void fill(StoredPicture.Bytes to, int count, int fill) {
    for (int i = 0; i < count; i++) {
      to.put(fill);
    }
  }

  /** The frame's header, in the arithmetic code of section 7, up to the number of parts. */
  private final class Header {
    private final int limit;
    private int next;
    private int value;
    private int range = 255;
    private int shifts;

    /** How much edges are smoothed; 0 for not at all, whatever a segment says. */
    private final int filterLevel;

    private final int logarithmOfParts;

    Header(int from, int limit) {
      this.limit = limit;
      this.next = from;
      this.value = (octet() << 8) | octet();
      bits(2); // colour space, clamping
      if (bits(1) == 1) {
        segments();
      }
      bits(1); // which filter
      this.filterLevel = bits(6);
      bits(3); // sharpness
      boolean adjusted = bits(1) == 1;
      if (adjusted && bits(1) == 1) {
        for (int delta = 0; delta < 8; delta++) {
          optional(6 + 1);
        }
      }
      this.logarithmOfParts = bits(2);
    }

    private void segments() {
      boolean map = bits(1) == 1;
      if (bits(1) == 1) {
        bits(1);
        for (int i = 0; i < 4; i++) {
          optional(7 + 1);
        }
        for (int i = 0; i < 4; i++) {
          optional(6 + 1);
        }
      }
      for (int i = 0; map && i < 3; i++) {
        optional(8);
      }
    }

    private void optional(int count) {
      if (bits(1) == 1) {
        bits(count);
      }
    }

    private int bits(int count) {
      int bits = 0;
      for (int i = 0; i < count; i++) {
        bits = (bits << 1) | bit();
      }
      return bits;
    }

    /** A bit that is as often 0 as 1. */
    private int bit() {
      int split = 1 + (((range - 1) * 128) >> 8);
      int bit = value >= (split << 8) ? 1 : 0;
      if (bit == 1) {
        range -= split;
        value -= split << 8;
      } else {
        range = split;
      }
      while (range < 128) {
        value <<= 1;
        range <<= 1;
        if (++shifts == 8) {
          shifts = 0;
          value |= octet();
        }
      }
      return bit;
    }

    private int octet() {
      return next < limit ? file[next++] & 0xFF : 0;
    }
  }
}
