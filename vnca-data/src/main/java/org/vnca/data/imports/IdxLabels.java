package org.vnca.data.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.vnca.data.fault.DatasetException;

/** Labels of an idx file: big-endian magic number 2049, count, then a byte for each. */
final class IdxLabels {
  private static final int MAGIC = 2049;

  private IdxLabels() {}

  /**
   * All labels of a file.
   *
   * @param images how many there must be
   * @return {@code [images]}, 0 to 255
   * @throws DatasetException if it is not a file of that many labels
   */
  static byte[] read(Path path, int images) throws IOException {
    try (SourceFile file = SourceFile.open(path)) {
      IdxImages.requireMagic(file, MAGIC, "labels");
      int count = file.readInt();
      if (count != images) {
        throw file.fault(
            "header",
            "it must tell a label for each of %d images, but tells %d".formatted(images, count));
      }
      ByteArrayOutputStream labels = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        int label = file.read();
        if (label < 0) {
          throw file.fault(
              "label " + i, "it must have %d labels, but is cut off here".formatted(count));
        }
        labels.write(label);
      }
      file.requireEnd(count + " labels");
      return labels.toByteArray();
    }
  }
}
