package org.vnca.data.imports;

import java.io.IOException;

/**
 * GIF: the walk to the end of its first frame. The JDK's reader leaves pixels out without a word
 * where a frame's data end early, so they are counted here.
 */
final class GifFile {
  private static final int IMAGE = 0x2C;
  private static final int EXTENSION = 0x21;
  private static final int TRAILER = 0x3B;

  private final byte[] file;
  private int at;

  private GifFile(byte[] file) {
    this.file = file;
  }

  /**
   * Walks the blocks.
   *
   * @throws IOException if the first frame is cut off or damaged
   */
  static StoredPicture walk(byte[] file) throws IOException {
    return new GifFile(file).walk();
  }

  private StoredPicture walk() throws IOException {
    int width = word(6);
    int height = word(8);
    at = 13 + palette(octet(10));
    while (octet(at) != IMAGE) {
      skipBlock();
    }
    StoredPicture.Canvas canvas =
        new StoredPicture.Canvas(
            Math.max(width, word(at + 1) + word(at + 5)),
            Math.max(height, word(at + 3) + word(at + 7)),
            word(at + 1),
            word(at + 3));
    if (palette(octet(10)) == 0 && palette(octet(at + 9)) == 0) {
      throw new IOException("is damaged: it has no palette");
    }
    StoredPicture picture = new StoredPicture(file).onto(canvas);
    frame((long) word(at + 5) * word(at + 7));
    return hasMore() ? picture.note(ImportNote.Kind.FIRST_FRAME) : picture;
  }

  private void skipBlock() throws IOException {
    int kind = octet(at);
    if (kind == TRAILER) {
      throw new IOException("has no frame");
    } else if (kind == EXTENSION) {
      at += 2;
      while (octet(at) != 0) {
        at += 1 + octet(at);
      }
    } else if (kind != 0) {
      throw new IOException("is damaged: it has a block of no known kind");
    }
    at++;
  }

  private void frame(long pixels) throws IOException {
    at += 10 + palette(octet(at + 9));
    int bits = octet(at++);
    if (bits < 1 || bits > 8) {
      throw new IOException("is damaged: its codes have %d bits".formatted(bits));
    }
    Codes codes = new Codes(bits);
    while (octet(at) != 0) {
      int length = octet(at++);
      for (int i = 0; i < length; i++) {
        codes.feed(octet(at++));
      }
    }
    at++;
    if (codes.damaged) {
      throw new IOException("is damaged: a code stands for nothing");
    }
    if (codes.pixels < pixels) {
      throw new IOException("is cut off: it has %,d of %,d pixels".formatted(codes.pixels, pixels));
    }
  }

  /** Whether another frame begins; what is damaged behind the first is of no interest. */
  private boolean hasMore() {
    try {
      while (octet(at) != IMAGE) {
        skipBlock();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int palette(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private int word(int place) throws IOException {
    return octet(place) | (octet(place + 1) << 8);
  }

  private int octet(int place) throws IOException {
    if (place >= file.length) {
      throw new IOException("is cut off");
    }
    return file[place] & 0xFF;
  }

  /** Counts the pixels that the codes of LZW stand for, without making them. */
  private static final class Codes {
    private static final int MOST = 4096;

    private final int[] lengths = new int[MOST];
    private final int clear;
    private int width;
    private int next;
    private int previous;
    private int buffer;
    private int filled;
    private boolean ended;
    private boolean damaged;
    private long pixels;

    Codes(int bits) {
      this.clear = 1 << bits;
      for (int i = 0; i < clear; i++) {
        lengths[i] = 1;
      }
      restart();
    }

    private void restart() {
      next = clear + 2;
      width = Integer.SIZE - Integer.numberOfLeadingZeros(clear + 1);
      previous = -1;
    }

    void feed(int octet) {
      buffer |= octet << filled;
      filled += 8;
      while (filled >= width && !ended && !damaged) {
        int code = buffer & ((1 << width) - 1);
        buffer >>>= width;
        filled -= width;
        take(code);
      }
      if (ended || damaged) {
        filled = 0;
        buffer = 0;
      }
    }

    private void take(int code) {
      if (code == clear) {
        restart();
        return;
      }
      if (code == clear + 1) {
        ended = true;
        return;
      }
      if (code > next || (code >= clear + 2 && previous < 0) || (code == next && next == MOST)) {
        damaged = true;
        return;
      }
      if (previous >= 0 && next < MOST) {
        lengths[next++] = lengths[previous] + 1;
        if (next == (1 << width) && width < 12) {
          width++;
        }
      }
      pixels += lengths[code];
      previous = code;
    }
  }
}
