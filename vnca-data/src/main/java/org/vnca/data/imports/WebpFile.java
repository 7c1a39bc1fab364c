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

  /** In the header of a file with transparency beside lossy pixels. */
  private static final int HAS_ALPHA = 16;

  /** Data that make pixels. */
  private record Chunk(String type, int at, int length) {}

  private final byte[] file;
  private final ByteBuffer data;
  private final StoredPicture told;
  private Chunk pixels;
  private Chunk alpha;
  private byte[] extended;
  private byte[] frame;
  private int frames;
  private boolean hasPixels;

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
    int[] size = size();
    StoredPicture picture = new StoredPicture(still(size)).toldBy(told);
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
          pixels = new Chunk(type, content, length);
          hasPixels = true;
        }
      }
      case "ALPH" -> {
        if (!hasPixels && alpha == null) {
          alpha = new Chunk(type, content, length);
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

  /** A file with the pixels alone, and how opaque they are. */
  private byte[] still(int[] size) throws IOException {
    byte[] content = chunk(pixels);
    if (alpha == null || !isLossy()) {
      return file(content);
    }
    byte[] header =
        ByteBuffer.allocate(18)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("VP8X".getBytes(StandardCharsets.ISO_8859_1))
            .putInt(10)
            .putInt(HAS_ALPHA)
            .put(three(size[0] - 1))
            .put(three(size[1] - 1))
            .array();
    return file(header, chunk(alpha), content);
  }

  private byte[] chunk(Chunk chunk) {
    int length = chunk.length() + chunk.length() % 2;
    return ByteBuffer.allocate(8 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(chunk.type().getBytes(StandardCharsets.ISO_8859_1))
        .putInt(chunk.length())
        .put(file, chunk.at(), chunk.length())
        .array();
  }

  private static byte[] file(byte[]... chunks) {
    int length = Arrays.stream(chunks).mapToInt(chunk -> chunk.length).sum();
    ByteBuffer whole = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    whole.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(4 + length);
    whole.put("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    Arrays.stream(chunks).forEach(whole::put);
    return whole.array();
  }

  private static byte[] three(int number) {
    return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16)};
  }

  private boolean isLossy() {
    return pixels.type().equals("VP8 ");
  }

  /** Width and height, which the header of the file or of the frame must tell, too. */
  private int[] size() throws IOException {
    int[] size = isLossy() ? lossy(pixels) : lossless(pixels);
    byte[] header = frame == null ? extended : Arrays.copyOfRange(frame, 2, 12);
    if (header != null && (size[0] != 1 + size(header, 4) || size[1] != 1 + size(header, 7))) {
      throw new IOException(
          "is damaged: its pixels are %d x %d, but its header tells %d x %d"
              .formatted(size[0], size[1], 1 + size(header, 4), 1 + size(header, 7)));
    }
    return size;
  }

  /** Width and height (RFC 6386, section 9.1). */
  private int[] lossy(Chunk chunk) throws IOException {
    if (chunk.length() < 10) {
      throw new IOException("is cut off");
    }
    int tag = size(file, chunk.at());
    boolean shown = (tag & 1) == 0 && (tag & 16) != 0 && ((tag >> 1) & 7) <= 3;
    if (!shown || size(file, chunk.at() + 3) != 0x2A019D) {
      throw new IOException("is damaged: its frame's header is none of a picture");
    }
    int sizes = data.getInt(chunk.at() + 6);
    return new int[] {sizes & 0x3FFF, (sizes >>> 16) & 0x3FFF};
  }

  /** Width and height. */
  private int[] lossless(Chunk chunk) throws IOException {
    if (chunk.length() < 5) {
      throw new IOException("is cut off");
    }
    int sizes = data.getInt(chunk.at() + 1);
    if (file[chunk.at()] != 0x2F || sizes >>> 29 != 0) {
      throw new IOException("is damaged: its pixels do not begin as they should");
    }
    return new int[] {1 + (sizes & 0x3FFF), 1 + ((sizes >>> 14) & 0x3FFF)};
  }

  /** Three bytes, little end first. */
  private static int size(byte[] from, int at) {
    return (from[at] & 0xFF) | ((from[at + 1] & 0xFF) << 8) | ((from[at + 2] & 0xFF) << 16);
  }
}
