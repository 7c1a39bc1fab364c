package org.vnca.data.imports;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a camera was held: EXIF's tag 274, or the same in XMP. A number from 1 (upright) to 8, which
 * says where the first row and the first column of the stored pixels belong.
 */
final class Orientation {
  static final int UPRIGHT = 1;

  private static final int TAG = 274;
  private static final int MOST = 8;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final Pattern XMP =
      Pattern.compile("tiff:Orientation(?:\\s*=\\s*[\"']|>)\\s*([1-8])\\s*[\"'<]");

  private Orientation() {}

  /**
   * The orientation that a TIFF header's first directory tells, as EXIF has it.
   *
   * @param tiff begins with the byte order
   * @return 1 to 8; empty if it tells none, or is broken
   */
  static OptionalInt ofExif(byte[] tiff) {
    try {
      ByteBuffer data = ByteBuffer.wrap(tiff);
      boolean little = tiff[0] == 'I';
      data.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int entry = data.getInt(4);
      int entries = data.getShort(entry) & 0xFFFF;
      for (entry += 2; entries > 0; entries--, entry += 12) {
        if ((data.getShort(entry) & 0xFFFF) == TAG) {
          int type = data.getShort(entry + 2);
          return valid(type == LONG ? data.getInt(entry + 8) : data.getShort(entry + 8));
        }
      }
      return OptionalInt.empty();
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      // A broken EXIF block harms no pixel, and every viewer passes over it.
      return OptionalInt.empty();
    }
  }

  /** The same of a BigTIFF header, whose entries are wider. */
  static OptionalInt ofBigTiff(byte[] tiff) {
    try {
      ByteBuffer data = ByteBuffer.wrap(tiff);
      data.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int entry = Math.toIntExact(data.getLong(8));
      long entries = data.getLong(entry);
      for (entry += 8; entries > 0; entries--, entry += 20) {
        if ((data.getShort(entry) & 0xFFFF) == TAG) {
          int type = data.getShort(entry + 2);
          return valid(type == SHORT ? data.getShort(entry + 12) : data.getInt(entry + 12));
        }
      }
      return OptionalInt.empty();
    } catch (IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
      return OptionalInt.empty();
    }
  }

  /** The orientation that an XMP packet tells. */
  static OptionalInt ofXmp(byte[] packet) {
    Matcher matcher = XMP.matcher(new String(packet, StandardCharsets.ISO_8859_1));
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static OptionalInt valid(int value) {
    return value >= UPRIGHT && value <= MOST ? OptionalInt.of(value) : OptionalInt.empty();
  }

  /** The image as it should be seen: turned and mirrored back. */
  static Pixmap upright(Pixmap stored, int orientation) {
    if (orientation == UPRIGHT) {
      return stored;
    }
    boolean exchanged = orientation > 4;
    int width = exchanged ? stored.height() : stored.width();
    int height = exchanged ? stored.width() : stored.height();
    float[] values = new float[stored.values().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = place(stored, orientation, x, y) * Pixmap.CHANNELS;
        System.arraycopy(
            stored.values(), from, values, (y * width + x) * Pixmap.CHANNELS, Pixmap.CHANNELS);
      }
    }
    return new Pixmap(width, height, values);
  }

  /** Where the pixel that is seen at (x, y) is stored. */
  private static int place(Pixmap stored, int orientation, int x, int y) {
    int right = stored.width() - 1;
    int bottom = stored.height() - 1;
    int column =
        switch (orientation) {
          case 2, 3 -> right - x;
          case 4 -> x;
          case 5, 6 -> y;
          default -> right - y;
        };
    int row =
        switch (orientation) {
          case 2 -> y;
          case 3, 4 -> bottom - y;
          case 5, 8 -> x;
          default -> bottom - x;
        };
    return row * stored.width() + column;
  }
}
