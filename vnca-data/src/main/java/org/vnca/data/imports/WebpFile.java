package org.vnca.data.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * WebP: the walk over its chunks. The decoder is handed a file with one still picture: the only
 * one, or the first frame.
 */
final class WebpFile {
  private static final int HEADER = 12;
  private static final int FRAME_HEADER = 16;
  private static final int ALPHA = 0x10;

  private final byte[] file;
  private final ByteBuffer data;
  private final StoredPicture told;
  private final StoredPicture.Bytes pixels = new StoredPicture.Bytes(1 << 10);
  private byte[] extended;
  private byte[] frame;
  private int frames;
  private boolean hasPixels;
  private boolean hasAlpha;

  private WebpFile(byte[] file) {
    this.file = file;
    this.data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.told = new StoredPicture(file);
  }

  /**
   * Checks that every chunk is there, and takes out what is needed.
   *
   * @throws IOException if it is cut off or damaged
   */
  static StoredPicture walk(byte[] file) throws IOException {
    return new WebpFile(file).walk();
  }

  private StoredPicture walk() throws IOException {
    long end = HEADER - 4 + (data.getInt(4) & 0xFFFFFFFFL);
    if (end > file.length) {
      throw new IOException("is cut off");
    }
    chunks(HEADER, (int) end, true);
    if (!hasPixels) {
      throw new IOException("is damaged: it has no pixels");
    }
    StoredPicture picture = new StoredPicture(still()).toldBy(told);
    if (frames > 1) {
      picture.note(ImportNote.Kind.FIRST_FRAME);
    }
    if (frame != null && extended != null) {
      picture.onto(
          new StoredPicture.Canvas(
              1 + size(extended, 4),
              1 + size(extended, 7),
              2 * size(frame, 0),
              2 * size(frame, 3)));
    }
    return picture;
  }

  private void chunks(int from, int end, boolean outer) throws IOException {
    int at = from;
    while (at + 8 <= end) {
      String type = new String(file, at, 4, StandardCharsets.ISO_8859_1);
      long length = data.getInt(at + 4) & 0xFFFFFFFFL;
      if (length > end - at - 8) {
        throw new IOException("is cut off");
      }
      chunk(type, at, (int) length, outer);
      at += 8 + (int) (length + (length & 1));
    }
  }

  private void chunk(String type, int at, int length, boolean outer) throws IOException {
    int content = at + 8;
    switch (type) {
      case "VP8 ", "VP8L" -> {
        if (!hasPixels) {
          put(at, length);
          hasPixels = true;
        }
      }
      case "ALPH" -> {
        if (!hasPixels && !hasAlpha) {
          put(at, length);
          hasAlpha = true;
        }
      }
      case "VP8X" -> extended = part(content, length, 10);
      case "ANMF" -> {
        frames++;
        if (frames == 1 && outer) {
          frame = part(content, length, FRAME_HEADER);
          chunks(content + FRAME_HEADER, content + length, false);
        }
      }
      case "EXIF" -> told.exif(part(content, length, 0));
      case "XMP " -> told.xmp(part(content, length, 0));
      case "ICCP" -> told.profile(part(content, length, 0));
      default -> {}
    }
  }

  private byte[] part(int at, int length, int least) throws IOException {
    if (length < least) {
      throw new IOException("is damaged: a chunk is too short");
    }
    return Arrays.copyOfRange(file, at, at + length);
  }

  private void put(int at, int length) {
    pixels.put(file, at, 8 + length);
    if (length % 2 == 1) {
      pixels.put(0);
    }
  }

  /** A file with the pixels, and, where they have alpha beside them, the header that says so. */
  private byte[] still() throws IOException {
    byte[] stored = pixels.toByteArray();
    StoredPicture.Bytes still = new StoredPicture.Bytes(stored.length + 30);
    int length = 4 + stored.length + (hasAlpha ? 18 : 0);
    still.put(file, 0, 4).put(length, length >> 8, length >> 16, length >>> 24).put(file, 8, 4);
    if (hasAlpha) {
      if (extended == null) {
        throw new IOException("is damaged: it has transparency, but no header that says so");
      }
      still.put('V', 'P', '8', 'X', 10, 0, 0, 0, ALPHA, 0, 0, 0);
      if (frame == null) {
        still.put(extended, 4, 6);
      } else {
        still.put(frame, 6, 6);
      }
    }
    return still.put(stored, 0, stored.length).toByteArray();
  }

  /** Three bytes, little end first. */
  private static int size(byte[] from, int at) {
    return (from[at] & 0xFF) | ((from[at + 1] & 0xFF) << 8) | ((from[at + 2] & 0xFF) << 16);
  }
}
