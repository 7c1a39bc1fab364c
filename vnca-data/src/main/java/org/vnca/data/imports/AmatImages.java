package org.vnca.data.imports;

import java.io.IOException;
import org.vnca.data.ImageSource;
import org.vnca.data.fault.DatasetException;

/**
 * Images of an {@code .amat} text file: one a line, pixels 0 or 1 with single spaces between them,
 * row by row.
 */
final class AmatImages implements ImageSource {
  private final SourceFile file;
  private final int expected;
  private int line;

  /**
   * @param expected lines that the file must have
   */
  AmatImages(SourceFile file, int expected) {
    this.file = file;
    this.expected = expected;
  }

  @Override
  public boolean next(byte[] image) {
    if (line == expected) {
      file.requireEnd(expected + " images");
      return false;
    }
    line++;
    for (int i = 0; i < image.length; i++) {
      image[i] = pixel(i);
      boolean last = i == image.length - 1;
      int separator = file.read();
      if (last ? !endsLine(separator) : separator != ' ') {
        throw fault(
            "after pixel %d must come %s, but comes %s"
                .formatted(i + 1, last ? "the end of the line" : "a space", shown(separator)));
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private byte pixel(int i) {
    int symbol = file.read();
    if (symbol == '0' || symbol == '1') {
      return (byte) (symbol - '0');
    }
    if (symbol < 0 && i == 0) {
      throw fault("it must have %d images, but ends after %d".formatted(expected, line - 1));
    }
    throw fault("pixel %d must be 0 or 1, but is %s".formatted(i + 1, shown(symbol)));
  }

  /** The last line may lack its line feed. */
  private boolean endsLine(int symbol) {
    int end = symbol == '\r' ? file.read() : symbol;
    return end == '\n' || (end < 0 && line == expected);
  }

  private DatasetException fault(String rule) {
    return file.fault("line " + line, rule);
  }

  private static String shown(int symbol) {
    if (symbol < 0) {
      return "the end of the file";
    }
    return symbol > ' ' && symbol < 127 ? "'" + (char) symbol + "'" : "byte " + symbol;
  }
}
