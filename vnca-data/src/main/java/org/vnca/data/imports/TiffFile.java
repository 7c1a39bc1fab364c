package org.vnca.data.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** TIFF: what its first directory tells, and whether there is a second. */
final class TiffFile {
  private static final int PHOTOMETRIC = 262;
  private static final int LEAST_LAB = 8;
  private static final int MOST_LAB = 10;

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
      requireReadable(data, at, big);
      StoredPicture picture =
          new StoredPicture(file)
              .exif(big ? Orientation.ofBigTiff(file) : Orientation.ofExif(file));
      return next == 0 ? picture : picture.note(ImportNote.Kind.FIRST_FRAME);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException("is cut off", e);
    }
  }

  /** Colours of CIELAB, whose white point and gamut each program takes otherwise. */
  private static void requireReadable(ByteBuffer data, int at, boolean big) throws IOException {
    int entries = big ? Math.toIntExact(data.getLong(at)) : data.getShort(at) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int entry = big ? at + 8 + 20 * i : at + 2 + 12 * i;
      int value = data.getShort(entry + (big ? 12 : 8)) & 0xFFFF;
      if ((data.getShort(entry) & 0xFFFF) == PHOTOMETRIC
          && value >= LEAST_LAB
          && value <= MOST_LAB) {
        throw new IOException(
            "is of a kind that is not read (colours of CIELAB); save it with RGB colours");
      }
    }
  }
}
