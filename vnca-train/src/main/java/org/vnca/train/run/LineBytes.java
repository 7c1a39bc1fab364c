package org.vnca.train.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a file as bytes, one at a time; what follows the last line's end is none. */
final class LineBytes implements Closeable {
  private static final int BLOCK = 1 << 16;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private int from;
  private int filled;
  private byte[] line = new byte[1024];
  private int length;

  LineBytes(InputStream in) {
    this.in = in;
  }

  /** Goes to the next line, if there is one that has an end. */
  boolean next() throws IOException {
    length = 0;
    while (true) {
      for (int at = from; at < filled; at++) {
        if (block[at] == '\n') {
          keep(at);
          from = at + 1;
          return true;
        }
      }
      keep(filled);
      from = 0;
      filled = in.read(block);
      if (filled < 0) {
        filled = 0;
        return false;
      }
    }
  }

  private void keep(int to) {
    int more = to - from;
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    System.arraycopy(block, from, line, length, more);
    length += more;
  }

  /** The line, in the first {@link #length} bytes; changed by {@link #next}. */
  byte[] bytes() {
    return line;
  }

  /** Bytes of the line, without its end. */
  int length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
