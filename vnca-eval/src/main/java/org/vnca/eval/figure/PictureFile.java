package org.vnca.eval.figure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/** Pictures' files, which appear whole or not at all. */
final class PictureFile {
  private PictureFile() {}

  /**
   * Writes; missing directories are made, a file of that name is replaced.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  static void write(Path file, byte[] bytes) {
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write picture " + file + ": " + Reason.of(e), e);
    }
  }
}
