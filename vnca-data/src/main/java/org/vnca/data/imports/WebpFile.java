package org.vnca.data.imports;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * WebP: the walk over its chunks. The decoder is handed a file with one still picture: the only
 * one, or the first frame. Nothing in such a file tells that its data end too early, and the
 * decoder reads on, whatever comes then; so there are bytes behind the data, and a twin of the file
 * with others there. If both make the same pixels, these depend on the data alone.
 */
final class WebpFile {
  private static final int HEADER = 12;
  private static final int FRAME_HEADER = 16;

  /** Bytes behind the data of a chunk or of a part of it; more than a decoder looks ahead. */
  private static final int MORE = 64;

  /** Every bit behind the data is another one in the twin. */
  static final int FILL = 0;

  static final int FILL_OF_TWIN = 0xFF;

  /** Extremes may make the same pixels by saturation, where what is between them does not. */
  private static final int[] FILLS_BETWEEN = {0x55, 0xAA};

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
    StoredPicture picture = new StoredPicture(still(FILL)).toldBy(told);
    picture.withTwin(still(FILL_OF_TWIN));
    if (alpha != null && isLossy()) {
      picture.alpha(WebpAlpha.of(part(alpha.at(), alpha.length(), 1), size[0], size[1]));
    }
    if (isLossy()) {
      requireUnfiltered();
      for (int fill : FILLS_BETWEEN) {
        picture.withTwin(still(fill));
      }
      picture.note(ImportNote.Kind.LOSSY_WEBP);
    }
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

  /** A file with the pixels alone. */
  private byte[] still(int fill) throws IOException {
    byte[] content =
        isLossy()
            ? Vp8Frame.padded(file, pixels.at(), pixels.length(), MORE, fill)
            : padded(part(pixels.at(), pixels.length(), 0), fill);
    return file(pixels.type(), content);
  }

  /** A file with one chunk. */
  static byte[] file(String type, byte[] content) {
    int length = content.length + content.length % 2;
    return ByteBuffer.allocate(HEADER + 8 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(4 + 8 + length)
        .put("WEBP".getBytes(StandardCharsets.ISO_8859_1))
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(content.length)
        .put(content)
        .array();
  }

  /**
   * Lossless data with more behind them: bits of no order, since a decoder takes many equal ones
   * for a code that stands for nothing.
   *
   * @param fill bits that are turned over
   */
  static byte[] padded(byte[] data, int fill) {
    byte[] padded = Arrays.copyOf(data, data.length + MORE);
    for (int i = 0; i < MORE; i++) {
      padded[data.length + i] = (byte) ((0xA7 + 0x6D * i * (i + 3)) ^ fill);
    }
    return padded;
  }

  private boolean isLossy() {
    return pixels.type().equals("VP8 ");
  }

  /** The decoder gives a block away before the edges to the blocks behind it are smoothed. */
  private void requireUnfiltered() throws IOException {
    if (Vp8Frame.isFiltered(file, pixels.at(), pixels.length())) {
      throw new IOException(
          "is a lossy WebP whose block edges are smoothed, which is not decoded right; save it as"
              + " PNG (with dwebp, for instance) or as lossless WebP");
    }
  }

  /** Width and height, which the header of the file or of the frame must tell, too. */
  private int[] size() throws IOException {
    int[] size = isLossy() ? Vp8Frame.size(file, pixels.at(), pixels.length()) : lossless(pixels);
    byte[] header = frame == null ? extended : Arrays.copyOfRange(frame, 2, 12);
    if (header != null && (size[0] != 1 + size(header, 4) || size[1] != 1 + size(header, 7))) {
      throw new IOException(
          "is damaged: its pixels are %d x %d, but its header tells %d x %d"
              .formatted(size[0], size[1], 1 + size(header, 4), 1 + size(header, 7)));
    }
    return size;
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
