package org.vnca.train.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * PNG bytes, with notes (key and text) on what the picture shows: the same bytes for the same
 * pixels on every machine.
 */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int LONGEST_KEYWORD = 79;
  private static final double POINTS_OF_A_METRE = 72 / 0.0254;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Png() {
    out.writeBytes(SIGNATURE);
  }

  /**
   * The pixels as PNG: one channel if all are grey, else RGB.
   *
   * @param scale pixels to a point, which is written down; 0 if nothing is known about it
   * @param notes written, by key, as text chunks of the file ({@code tEXt}, or {@code iTXt} where
   *     Latin-1 does not suffice), such as run, step and command
   * @throws IllegalArgumentException if a note's key is not 1 to 79 printable ASCII characters
   */
  public static byte[] encode(Pixels pixels, double scale, Map<String, String> notes) {
    int channels = pixels.grey() ? 1 : 3;
    Png png = new Png();
    byte kind = (byte) (channels == 1 ? 0 : 2);
    png.chunk(
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(pixels.width())
            .putInt(pixels.height())
            .put((byte) 8)
            .put(kind)
            .array());
    if (scale > 0) {
      int density = (int) Math.round(scale * POINTS_OF_A_METRE);
      png.chunk(
          "pHYs", ByteBuffer.allocate(9).putInt(density).putInt(density).put((byte) 1).array());
    }
    // In one order, so that the same picture is the same file.
    new TreeMap<>(notes).forEach(png::note);
    png.chunk("IDAT", Deflate.zlib(filtered(pixels, channels)));
    png.chunk("IEND", new byte[0]);
    return png.out.toByteArray();
  }

  /** Each row as it is, or as what differs from the left or from above: what has least in it. */
  private static byte[] filtered(Pixels pixels, int channels) {
    byte[] samples = pixels.samples(channels);
    int row = pixels.width() * channels;
    byte[] filtered = new byte[samples.length + pixels.height()];
    byte[] best = new byte[row];
    byte[] tried = new byte[row];
    for (int y = 0; y < pixels.height(); y++) {
      long least = Long.MAX_VALUE;
      for (byte filter = 0; filter <= 2; filter++) {
        long size = 0;
        for (int i = 0; i < row; i++) {
          int at = y * row + i;
          int near = 0;
          if (filter == 1 && i >= channels) {
            near = samples[at - channels];
          } else if (filter == 2 && y > 0) {
            near = samples[at - row];
          }
          tried[i] = (byte) (samples[at] - near);
          size += Math.abs(tried[i]);
        }
        if (size < least) {
          least = size;
          filtered[y * (row + 1)] = filter;
          System.arraycopy(tried, 0, best, 0, row);
        }
      }
      System.arraycopy(best, 0, filtered, y * (row + 1) + 1, row);
    }
    return filtered;
  }

  private void note(String key, String text) {
    requireKeyword(key);
    byte[] name = key.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(name);
    if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
      content.write(0);
      content.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      chunk("tEXt", content.toByteArray());
    } else {
      // Not compressed, in no language, the key not translated.
      content.writeBytes(new byte[5]);
      content.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      chunk("iTXt", content.toByteArray());
    }
  }

  private void chunk(String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  private static void requireKeyword(String key) {
    if (!key.matches("[!-~]([ -~]*[!-~])?") || key.length() > LONGEST_KEYWORD) {
      throw new IllegalArgumentException(
          "the key of a PNG note must be 1 to "
              + LONGEST_KEYWORD
              + " printable ASCII characters without a blank at either end, but is \""
              + key
              + "\"");
    }
  }
}
