package org.vnca.train.picture;

import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Compresses (RFC 1950 and 1951) to the same bytes on every machine. Java's own {@code Deflater} is
 * the zlib of the system or of the Java runtime, and each of them divides data up in its own way.
 */
final class Deflate {
  private static final int WINDOW = 1 << 15;
  private static final int SHORTEST = 3;
  private static final int LONGEST = 258;
  private static final int HASHES = 1 << 15;

  /** Earlier places that are compared for a match. */
  private static final int TRIES = 48;

  private static final int SYMBOLS_OF_A_BLOCK = 1 << 15;
  private static final int END = 256;

  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] DISTANCE_BITS = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
  };

  /** In which order the lengths of the code lengths' own codes are written. */
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final byte[] data;
  private final Bits bits;
  private final int[] newest = new int[HASHES];
  private final int[] before;

  /** A literal, or a match's length and distance (above 0), of the block that is collected. */
  private final int[] lengths = new int[SYMBOLS_OF_A_BLOCK];

  private final int[] distances = new int[SYMBOLS_OF_A_BLOCK];
  private int symbols;

  private Deflate(byte[] data) {
    this.data = data;
    this.bits = new Bits(data.length / 2 + 64);
    this.before = new int[data.length];
    Arrays.fill(newest, -1);
  }

  /** The data as a zlib stream. */
  static byte[] zlib(byte[] data) {
    Deflate deflate = new Deflate(data);
    deflate.bits.write(0x78, 8);
    deflate.bits.write(0x9c, 8);
    deflate.compress();
    deflate.bits.toByte();
    Adler32 sum = new Adler32();
    sum.update(data);
    for (int shift = 24; shift >= 0; shift -= 8) {
      deflate.bits.write((int) (sum.getValue() >> shift) & 0xff, 8);
    }
    return deflate.bits.bytes();
  }

  private void compress() {
    int at = 0;
    long match = match(0);
    while (at < data.length) {
      enter(at);
      long next = match(at + 1);
      int length = (int) (match >> 32);
      // A longer match one byte later is worth the byte.
      if (length >= SHORTEST && (int) (next >> 32) <= length) {
        symbol(length, (int) match);
        for (int i = at + 1; i < at + length; i++) {
          enter(i);
        }
        at += length;
        match = match(at);
      } else {
        symbol(data[at] & 0xff, 0);
        at++;
        match = next;
      }
    }
    block(true);
  }

  /** The longest earlier match, its length in the upper half and its distance in the lower. */
  private long match(int at) {
    if (at + SHORTEST > data.length) {
      return 0;
    }
    int most = Math.min(LONGEST, data.length - at);
    int best = 0;
    int distance = 0;
    int place = newest[hash(at)];
    for (int i = 0; i < TRIES && place >= 0 && at - place <= WINDOW && best < most; i++) {
      int length = common(place, at, most);
      if (length > best) {
        best = length;
        distance = at - place;
      }
      place = before[place];
    }
    return best < SHORTEST ? 0 : (long) best << 32 | distance;
  }

  private int common(int place, int at, int most) {
    int length = 0;
    while (length < most && data[place + length] == data[at + length]) {
      length++;
    }
    return length;
  }

  private void enter(int at) {
    if (at + SHORTEST <= data.length) {
      int hash = hash(at);
      before[at] = newest[hash];
      newest[hash] = at;
    }
  }

  private int hash(int at) {
    int three = (data[at] & 0xff) << 16 | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff);
    return three * 0x9E3779B1 >>> 17;
  }

  private void symbol(int length, int distance) {
    lengths[symbols] = length;
    distances[symbols] = distance;
    if (++symbols == SYMBOLS_OF_A_BLOCK) {
      block(false);
    }
  }

  private void block(boolean last) {
    int[] often = new int[286];
    int[] oftenDistances = new int[30];
    for (int i = 0; i < symbols; i++) {
      often[distances[i] == 0 ? lengths[i] : 257 + index(LENGTH_BASE, lengths[i])]++;
      if (distances[i] > 0) {
        oftenDistances[index(DISTANCE_BASE, distances[i])]++;
      }
    }
    often[END] = 1;
    Huffman literal = Huffman.of(often, 15);
    Huffman distance = Huffman.of(oftenDistances, 15);
    bits.write(last ? 1 : 0, 1);
    bits.write(2, 2);
    writeCodes(literal, distance);
    for (int i = 0; i < symbols; i++) {
      if (distances[i] == 0) {
        literal.write(lengths[i], bits);
      } else {
        int l = index(LENGTH_BASE, lengths[i]);
        literal.write(257 + l, bits);
        bits.write(lengths[i] - LENGTH_BASE[l], LENGTH_BITS[l]);
        int d = index(DISTANCE_BASE, distances[i]);
        distance.write(d, bits);
        bits.write(distances[i] - DISTANCE_BASE[d], DISTANCE_BITS[d]);
      }
    }
    literal.write(END, bits);
    symbols = 0;
  }

  /** The last base that is not above a value. */
  private static int index(int[] bases, int value) {
    int found = Arrays.binarySearch(bases, value);
    return found >= 0 ? found : -found - 2;
  }

  /** The lengths of all codes, in which runs of one length are shortened, and their own codes. */
  private void writeCodes(Huffman literal, Huffman distance) {
    int literals = Math.max(257, literal.used());
    int places = Math.max(1, distance.used());
    int[] all = Arrays.copyOf(literal.lengths(), literals + places);
    System.arraycopy(distance.lengths(), 0, all, literals, places);
    int[] runs = new int[2 * all.length];
    int count = runs(all, runs);
    int[] often = new int[19];
    for (int i = 0; i < count; i++) {
      often[runs[2 * i]]++;
    }
    Huffman codes = Huffman.of(often, 7);
    int orders = ORDER.length;
    while (orders > 4 && codes.lengths()[ORDER[orders - 1]] == 0) {
      orders--;
    }
    bits.write(literals - 257, 5);
    bits.write(places - 1, 5);
    bits.write(orders - 4, 4);
    for (int i = 0; i < orders; i++) {
      bits.write(codes.lengths()[ORDER[i]], 3);
    }
    for (int i = 0; i < count; i++) {
      int symbol = runs[2 * i];
      codes.write(symbol, bits);
      bits.write(runs[2 * i + 1], symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0);
    }
  }

  /** Pairs of a symbol (0 to 15, or 16 to 18 for a run) and its extra bits. */
  private static int runs(int[] all, int[] runs) {
    int count = 0;
    int at = 0;
    while (at < all.length) {
      int same = 1;
      while (at + same < all.length && all[at + same] == all[at]) {
        same++;
      }
      int length = all[at];
      if (length == 0 && same >= 3) {
        same = Math.min(same, 138);
        runs[2 * count] = same <= 10 ? 17 : 18;
        runs[2 * count + 1] = same - (same <= 10 ? 3 : 11);
      } else if (at > 0 && all[at - 1] == length && same >= 3) {
        same = Math.min(same, 6);
        runs[2 * count] = 16;
        runs[2 * count + 1] = same - 3;
      } else {
        same = 1;
        runs[2 * count] = length;
        runs[2 * count + 1] = 0;
      }
      count++;
      at += same;
    }
    return count;
  }

  /** Bits, the lowest first. */
  static final class Bits {
    private byte[] bytes;
    private int count;
    private long waiting;
    private int waitingBits;

    Bits(int expected) {
      bytes = new byte[expected];
    }

    void write(int value, int bits) {
      waiting |= (long) value << waitingBits;
      waitingBits += bits;
      while (waitingBits >= 8) {
        put();
      }
    }

    void toByte() {
      if (waitingBits > 0) {
        waitingBits = 8;
        put();
      }
    }

    private void put() {
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * count + 16);
      }
      bytes[count++] = (byte) waiting;
      waiting >>>= 8;
      waitingBits -= 8;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, count);
    }
  }
}
