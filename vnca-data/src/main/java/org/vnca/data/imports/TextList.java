package org.vnca.data.imports;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnca.data.fault.DatasetException;

/**
 * A published list: words in lines, plain or gzipped, in UTF-8 or, where a byte order mark says so,
 * UTF-16. Blank lines do not count, but have numbers.
 */
final class TextList {
  private static final int MOST_BYTES = 1 << 28;

  private final Path file;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A line that is not blank.
   *
   * @param number of the line in the file, from 1
   * @param words between blanks
   */
  record Line(int number, List<String> words) {}

  private TextList(Path file, String text) {
    this.file = file;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        lines.add(new Line(number, Arrays.asList(line.strip().split("\\s+", -1))));
      }
    }
  }

  /**
   * Reads a list.
   *
   * @throws DatasetException if it cannot be read
   */
  static TextList read(Path file) {
    return new TextList(file, text(bytes(file)));
  }

  private static byte[] bytes(Path file) {
    try (SourceFile source = SourceFile.open(file)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] part = new byte[1 << 16];
      for (int count = source.read(part); count > 0; count = source.read(part)) {
        bytes.write(part, 0, count);
        if (bytes.size() > MOST_BYTES) {
          throw new DatasetException(
              "%s is too long for a list: more than %,d bytes".formatted(file, MOST_BYTES));
        }
      }
      return bytes.toByteArray();
    } catch (java.io.IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(file, ImageFiles.reason(e)), e);
    }
  }

  private static String text(byte[] bytes) {
    int first = bytes.length > 1 ? ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF) : 0;
    Charset charset =
        first == 0xFEFF || first == 0xFFFE ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    String text = new String(bytes, charset);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  List<Line> lines() {
    return lines;
  }

  /** A fault of a line. */
  DatasetException fault(Line line, String rule) {
    return new DatasetException("%s, line %d: %s".formatted(file, line.number(), rule));
  }

  /** The line that a name stands on a second time. */
  DatasetException doubled(Line line, String name, int before) {
    return fault(
        line,
        "names %s a second time, after line %d; take one of them out"
            .formatted(PictureName.shown(name), before));
  }
}
