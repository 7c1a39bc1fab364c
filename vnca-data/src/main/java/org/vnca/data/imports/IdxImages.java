package org.vnca.data.imports;

import java.io.IOException;
import java.util.Map;
import java.util.function.IntPredicate;
import org.vnca.data.ImageSource;
import org.vnca.data.fault.DatasetException;

/**
 * Images of an idx file: big-endian magic number 2051, count, rows, columns, then the pixels as
 * uint8, image by image.
 */
final class IdxImages implements ImageSource {
  private static final int MAGIC = 2051;
  private static final int LONGEST_SIDE = 4096;

  /** The first two bytes of a gzip file. */
  private static final int GZIP = 0x1F8B;

  private static final Map<Integer, String> TYPES =
      Map.of(
          0x08,
          "unsigned bytes",
          0x09,
          "signed bytes",
          0x0B,
          "16-bit integers",
          0x0C,
          "32-bit integers",
          0x0D,
          "32-bit floats",
          0x0E,
          "64-bit floats");

  private final SourceFile file;
  private final int count;
  private final int rows;
  private final int columns;
  private IntPredicate wanted = index -> true;
  private ImageChange change = (index, image) -> {};
  private int index;

  /** What is done to an image before it is written. */
  @FunctionalInterface
  interface ImageChange {
    /** Changes the image with that number in the file. */
    void apply(int index, byte[] image);
  }

  /**
   * Reads the header.
   *
   * @throws DatasetException if it is not one of idx images
   */
  IdxImages(SourceFile file) {
    this.file = file;
    requireMagic(file, MAGIC, "images");
    this.count = file.readInt();
    this.rows = file.readInt();
    this.columns = file.readInt();
    if (count < 1 || !isSide(rows) || !isSide(columns)) {
      throw file.fault(
          "header",
          "it must tell at least one image of sides 1 to %d, but tells %d of %d x %d"
              .formatted(LONGEST_SIDE, count, rows, columns));
    }
  }

  /** Hands over only some of the images, changed. */
  IdxImages select(IntPredicate selection, ImageChange changed) {
    this.wanted = selection;
    this.change = changed;
    return this;
  }

  /** Images in the file. */
  int count() {
    return count;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  @Override
  public boolean next(byte[] image) {
    while (index < count) {
      if (file.read(image) < image.length) {
        throw file.fault(
            "image " + index, "it must have %d images, but is cut off here".formatted(count));
      }
      int current = index++;
      if (wanted.test(current)) {
        change.apply(current, image);
        return true;
      }
    }
    file.requireEnd(count + " images");
    return false;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Refuses a file of another kind. */
  static void requireMagic(SourceFile file, int magic, String content) {
    int found = file.readInt();
    if (found == magic) {
      return;
    }
    String type = TYPES.get(found >>> 8);
    if (type != null && found >>> 16 == 0) {
      throw file.wrongFile(
          "holds idx %s in %d dimensions, but %s must be unsigned bytes in %d; give the file of %s"
              .formatted(type, found & 0xFF, content, magic & 0xFF, content));
    }
    if (found >>> 16 == GZIP) {
      throw file.wrongFile("is gzipped twice; unpack it once (gunzip), and import again");
    }
    if (found >>> 24 == '<') {
      throw file.wrongFile("is a page of the web, not the file; download it again");
    }
    throw file.fault(
        "header",
        "idx %s must begin with the number %d, but it begins with %d"
            .formatted(content, magic, found));
  }

  private static boolean isSide(int length) {
    return length >= 1 && length <= LONGEST_SIDE;
  }
}
