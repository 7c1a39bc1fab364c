package org.vnca.data.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** TIFF: what its first directory tells, and whether there is a second. */
final class TiffFile {
  private TiffFile() {}

  /**
   * Looks at the first directory.
   *
   * @throws IOException if it is not there
   */
  static StoredPicture walk(byte[] file) throws IOException {
    ByteOrder order = file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteBuffer data = ByteBuffer.wrap(file).order(order);
    boolean big = (file[0] == 'I' ? file[2] : file[3]) == '+';
    try {
      int at = big ? Math.toIntExact(data.getLong(8)) : data.getInt(4);
      long next =
          big
              ? data.getLong(Math.toIntExact(at + 8 + 20 * data.getLong(at)))
              : data.getInt(at + 2 + 12 * (data.getShort(at) & 0xFFFF));
      StoredPicture picture =
          new StoredPicture(file)
              .exif(big ? Orientation.ofBigTiff(file) : Orientation.ofExif(file));
      return next == 0 ? picture : picture.note(ImportNote.Kind.FIRST_FRAME);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException("is cut off", e);
    }
  }
}
