package org.vnca.data.imports;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG and JPEG files whole or not at all: a truncated or damaged file, of which the JDK would
 * hand over what there is, is refused.
 */
final class ImageDecoder {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int END_CHUNK = ByteBuffer.wrap(new byte[] {'I', 'E', 'N', 'D'}).getInt();

  /** A pixel takes 16 bytes, and every core has an image. */
  private static final long MOST_PIXELS = 50_000_000;

  private ImageDecoder() {}

  /**
   * Decodes.
   *
   * @return the pixels, colours multiplied by alpha
   * @throws IOException if the file is damaged or of a kind that cannot be read; the message says
   *     which
   */
  static Pixmap decode(byte[] file) throws IOException {
    boolean png = startsWith(file, PNG);
    if (png) {
      requireWholePng(file);
    } else if (file.length < 4 || (file[0] & 0xFF) != 0xFF || (file[1] & 0xFF) != 0xD8) {
      throw new IOException("is neither PNG nor JPEG");
    } else {
      requireEndOfJpeg(file);
      requireNotCmyk(file);
    }
    return pixmap(read(file, png ? "png" : "jpeg"));
  }

  private static BufferedImage read(byte[] file, String format) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    ImageReader reader = readers.next();
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MOST_PIXELS) {
        throw new IOException("has %,d pixels, more than %,d".formatted(pixels, MOST_PIXELS));
      }
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw new IOException("is damaged: " + warnings.get(0));
      }
      return image;
    } catch (RuntimeException e) {
      // The JDK's readers throw these, not IOExceptions, for some damaged headers.
      throw new IOException("is damaged: " + e, e);
    } finally {
      reader.dispose();
    }
  }

  /** Walks the chunks: lengths, checksums, and the one that ends the file. */
  private static void requireWholePng(byte[] file) throws IOException {
    ByteBuffer chunks = ByteBuffer.wrap(file);
    chunks.position(PNG.length);
    while (chunks.remaining() >= 12) {
      int length = chunks.getInt();
      if (length < 0 || length > chunks.remaining() - 8) {
        break;
      }
      int start = chunks.position();
      int type = chunks.getInt();
      CRC32 crc = new CRC32();
      crc.update(file, start, 4 + length);
      chunks.position(start + 4 + length);
      if ((int) crc.getValue() != chunks.getInt()) {
        throw new IOException("is damaged: a checksum is wrong");
      }
      if (type == END_CHUNK) {
        return;
      }
    }
    throw new IOException("is cut off");
  }

  private static void requireEndOfJpeg(byte[] file) throws IOException {
    for (int i = file.length - 2; i > 1; i--) {
      if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == 0xD9) {
        return;
      }
    }
    throw new IOException("is cut off");
  }

  /** The JDK would take four colours for something else: so by the frame's header. */
  private static void requireNotCmyk(byte[] file) throws IOException {
    int at = 2;
    while (at + 9 < file.length && (file[at] & 0xFF) == 0xFF) {
      int marker = file[at + 1] & 0xFF;
      // C4, C8 and CC are other segments.
      boolean frame = marker == 0xC0 || (marker > 0xC0 && marker <= 0xCF && marker % 4 != 0);
      if (frame && file[at + 9] == 4) {
        throw new IOException("has four colours (CMYK), which are not read; save it as RGB");
      }
      if (frame) {
        return;
      }
      at += 2 + (((file[at + 2] & 0xFF) << 8) | (file[at + 3] & 0xFF));
    }
  }

  private static boolean startsWith(byte[] file, byte[] start) {
    return file.length >= start.length
        && ByteBuffer.wrap(file, 0, start.length).equals(ByteBuffer.wrap(start));
  }

  private static Pixmap pixmap(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] values = new float[width * height * Pixmap.CHANNELS];
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    if (grey) {
      fillGrey(image, values);
    } else {
      fillColour(image, values);
    }
    return new Pixmap(width, height, values);
  }

  private static void fillColour(BufferedImage image, float[] values) {
    int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    for (int i = 0; i < argb.length; i++) {
      float alpha = (argb[i] >>> 24) / 255f;
      for (int c = 0; c < 3; c++) {
        values[4 * i + c] = alpha * ((argb[i] >> (16 - 8 * c)) & 0xFF);
      }
      values[4 * i + 3] = alpha;
    }
  }

  /** The JDK takes grey for linear light and would brighten it; so from the samples themselves. */
  private static void fillGrey(BufferedImage image, float[] values) {
    Raster raster = image.getRaster();
    boolean hasAlpha = raster.getNumBands() > 1;
    float most = (1 << image.getColorModel().getComponentSize(0)) - 1;
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        int i = 4 * (y * raster.getWidth() + x);
        float alpha = hasAlpha ? raster.getSample(x, y, 1) / most : 1;
        float level = alpha * raster.getSample(x, y, 0) * 255 / most;
        values[i] = level;
        values[i + 1] = level;
        values[i + 2] = level;
        values[i + 3] = alpha;
      }
    }
  }
}
