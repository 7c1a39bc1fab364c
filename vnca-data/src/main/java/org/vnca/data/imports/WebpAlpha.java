package org.vnca.data.imports;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * How opaque the pixels of a lossy WebP are, which is stored beside them: as differences from what
 * neighbours predict, packed as the green of a lossless picture or plain. The decoder has some of
 * this wrong, and does not read what is plain, so it is handed the picture, and the rest done here.
 */
final class WebpAlpha {
  private static final int LOSSLESS = 0x2F;
  private static final int GREEN = 1;

  /** The first three bits of lossless data that begin with a palette. */
  private static final int PALETTE = 7;

  private final int filter;
  private final byte[] plain;
  private final Optional<StoredPicture> packed;

  private WebpAlpha(int filter, byte[] plain, Optional<StoredPicture> packed) {
    this.filter = filter;
    this.plain = plain;
    this.packed = packed;
  }

  /**
   * Reads the chunk's header.
   *
   * @param chunk its content, one byte or more
   * @param width of the picture
   * @param height of the picture
   * @throws IOException if it is cut off or damaged
   */
  static WebpAlpha of(byte[] chunk, int width, int height) throws IOException {
    int filter = (chunk[0] >> 2) & 3;
    int packing = chunk[0] & 3;
    if (packing > 1) {
      throw new IOException("is damaged: its transparency is packed in no known way");
    }
    if (packing == 1) {
      if (chunk.length > 1 && (chunk[1] & PALETTE) == PALETTE) {
        // The decoder takes one colour of some palettes for another.
        throw new IOException(
            "is of a kind that is not read (transparency with a palette, beside lossy colours); save"
                + " it as PNG or as lossless WebP");
      }
      // The header that the chunk lacks.
      byte[] data = new byte[5 + chunk.length - 1];
      int sizes = (width - 1) | ((height - 1) << 14);
      ByteBuffer.wrap(data)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) LOSSLESS)
          .putInt(sizes)
          .put(chunk, 1, chunk.length - 1);
      StoredPicture picture =
          new StoredPicture(WebpFile.file("VP8L", WebpFile.padded(data, WebpFile.FILL)));
      byte[] twin = WebpFile.file("VP8L", WebpFile.padded(data, WebpFile.FILL_OF_TWIN));
      return new WebpAlpha(filter, chunk, Optional.of(picture.withTwin(twin)));
    }
    if (chunk.length - 1 < width * height) {
      throw new IOException("is cut off");
    }
    return new WebpAlpha(filter, chunk, Optional.empty());
  }

  /** The picture whose green has the differences, where they are packed. */
  Optional<StoredPicture> packed() {
    return packed;
  }

  /**
   * An image with its alpha.
   *
   * @param image RGB
   * @param unpacked the picture of {@link #packed}; null if there is none
   */
  BufferedImage on(BufferedImage image, BufferedImage unpacked) {
    int width = image.getWidth();
    BufferedImage whole =
        new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_4BYTE_ABGR);
    int[] colour = new int[width];
    int[] above = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int band = 0; band < 3; band++) {
        image.getRaster().getSamples(0, y, width, 1, band, colour);
        whole.getRaster().setSamples(0, y, width, 1, band, colour);
      }
      int[] row = new int[width];
      if (unpacked != null) {
        unpacked.getRaster().getSamples(0, y, width, 1, GREEN, row);
      } else {
        for (int x = 0; x < width; x++) {
          row[x] = plain[1 + y * width + x] & 0xFF;
        }
      }
      if (filter > 0) {
        predicted(row, above, y == 0);
      }
      whole.getRaster().setSamples(0, y, width, 1, 3, row);
      above = row;
    }
    return whole;
  }

  /** Differences to levels, in place. */
  private void predicted(int[] row, int[] above, boolean first) {
    for (int x = 0; x < row.length; x++) {
      int prediction;
      if (first) {
        prediction = x == 0 ? 0 : row[x - 1];
      } else if (x == 0 || filter == 2) {
        prediction = above[x];
      } else if (filter == 1) {
        prediction = row[x - 1];
      } else {
        prediction = Math.min(255, Math.max(0, row[x - 1] + above[x] - above[x - 1]));
      }
      row[x] = (row[x] + prediction) & 0xFF;
    }
  }
}
