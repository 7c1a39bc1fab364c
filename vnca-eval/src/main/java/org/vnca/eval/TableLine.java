package org.vnca.eval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A line of a table that grows, and its checksum: that of the line and of the checksum of the line
 * before it, so that a line that was changed, moved, doubled or taken from another table is told.
 *
 * @param text the line without its end; bytes that are no UTF-8 are replaced
 * @param bytes of the line, with its end if it has one
 * @param whole whether it has its end
 */
record TableLine(String text, long bytes, boolean whole) {
  private static final int DIGITS = 8;

  /** The next line; one of no bytes at the end. */
  static TableLine read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    boolean whole = next >= 0;
    return new TableLine(
        line.toString(StandardCharsets.UTF_8), line.size() + (whole ? 1L : 0L), whole);
  }

  /** Whether the file ended before it. */
  boolean isNothing() {
    return bytes == 0;
  }

  /**
   * The line without its checksum, if that is right behind lines with the checksum {@code before}.
   */
  Optional<String> checked(long before) {
    int end = text.length() - DIGITS - 1;
    if (!whole || end < 0) {
      return Optional.empty();
    }
    String values = text.substring(0, end);
    return text.equals(withCheck(values, check(before, values)))
        ? Optional.of(values)
        : Optional.empty();
  }

  /** The checksum of a line behind lines with the checksum {@code before}. */
  static long check(long before, String values) {
    CRC32 sum = new CRC32();
    sum.update((Long.toHexString(before) + "\n" + values).getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  /** A line with its checksum as its last cell. */
  static String withCheck(String values, long check) {
    return "%s,%08x".formatted(values, check);
  }
}
