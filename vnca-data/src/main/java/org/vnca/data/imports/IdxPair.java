package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import org.vnca.data.DatasetException;

/**
 * A file of images and the file of their labels.
 *
 * @param images idx images, plain or gzipped
 * @param labels idx labels, plain or gzipped
 */
record IdxPair(Path images, Path labels) {
  /**
   * What the file of images tells of itself.
   *
   * @param count images
   * @param rows rows of an image
   * @param columns columns of an image
   */
  record Header(int count, int rows, int columns) {}

  /**
   * Finds the files of a part in a folder, named with a dash as published or with a dot.
   *
   * @throws DatasetException if one is missing
   */
  static IdxPair find(Path folder, String part) {
    return new IdxPair(
        SourceFile.find(folder, part + "-images-idx3-ubyte", part + "-images.idx3-ubyte"),
        SourceFile.find(folder, part + "-labels-idx1-ubyte", part + "-labels.idx1-ubyte"));
  }

  Header header() throws IOException {
    try (IdxImages file = new IdxImages(SourceFile.open(images))) {
      return new Header(file.count(), file.rows(), file.columns());
    }
  }
}
