package org.vnca.data.imports;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Makes floats of what a decoder hands over. The values are those that the file holds: no colour
 * profile is applied, as Pillow and torchvision apply none. The JDK would take grey for linear
 * light and brighten it.
 */
final class PixelSamples {
  private static final float MOST = 255;

  private PixelSamples() {}

  /**
   * The pixels of an image.
   *
   * @param colours of the palette, if there is one, unless the image says fewer
   * @throws IOException if its samples are no whole numbers of at most 16 bits
   */
  static Pixmap of(BufferedImage image, int colours) throws IOException {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      requireInPalette(image.getRaster(), Math.min(colours, palette.getMapSize()));
    }
    if (model == null || model instanceof IndexColorModel || model instanceof DirectColorModel) {
      return packed(image);
    }
    int type = model.getTransferType();
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
      throw new IOException(
          "has samples that are no whole numbers of at most 16 bits, so what is white is not known;"
              + " save it with 8 bits a channel");
    }
    return switch (model.getColorSpace().getType()) {
      case ColorSpace.TYPE_GRAY -> samples(image, 1);
      case ColorSpace.TYPE_RGB -> samples(image, 3);
      case ColorSpace.TYPE_CMYK -> ofInks(image.getRaster(), false);
      default -> packed(image);
    };
  }

  /** By the image's own palette or bit masks. */
  private static Pixmap packed(BufferedImage image) {
    int width = image.getWidth();
    float[] values = new float[width * image.getHeight() * Pixmap.CHANNELS];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        float alpha = (argb >>> 24) / MOST;
        values[to++] = alpha * ((argb >> 16) & 0xFF);
        values[to++] = alpha * ((argb >> 8) & 0xFF);
        values[to++] = alpha * (argb & 0xFF);
        values[to++] = alpha;
      }
    }
    return new Pixmap(width, image.getHeight(), values);
  }

  /** Java shows a number that the palette lacks as transparent. */
  private static void requireInPalette(Raster raster, int colours) throws IOException {
    int[] row = new int[raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int sample : row) {
        if (sample >= colours) {
          throw new IOException(
              "is damaged: a pixel is of colour %d, but the palette has %d"
                  .formatted(sample, colours));
        }
      }
    }
  }

  private static Pixmap samples(BufferedImage image, int colours) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int bands = raster.getNumBands();
    boolean hasAlpha = model.hasAlpha() && bands > colours;
    boolean multiplied = model.isAlphaPremultiplied();
    float scale = MOST / ((1 << model.getComponentSize(0)) - 1);
    int width = raster.getWidth();
    float[] values = new float[width * raster.getHeight() * Pixmap.CHANNELS];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        float alpha = hasAlpha ? row[from + colours] * scale / MOST : 1;
        float factor = multiplied ? scale : scale * alpha;
        values[to] = row[from] * factor;
        values[to + 1] = row[from + colours / 2] * factor;
        values[to + 2] = row[from + colours - 1] * factor;
        values[to + 3] = alpha;
        to += Pixmap.CHANNELS;
      }
    }
    return new Pixmap(width, raster.getHeight(), values);
  }

  /**
   * Four inks, as a TIFF has them: 0 is none.
   *
   * @param light whether the numbers are the light that is left instead, as in JPEG files of Adobe
   */
  static Pixmap ofInks(Raster raster, boolean light) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    float most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    float[] values = new float[width * raster.getHeight() * Pixmap.CHANNELS];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        float black = light ? row[from + 3] : most - row[from + 3];
        for (int c = 0; c < 3; c++) {
          float ink = light ? row[from + c] : most - row[from + c];
          values[to++] = MOST * ink / most * black / most;
        }
        values[to++] = 1;
      }
    }
    return new Pixmap(width, raster.getHeight(), values);
  }

  /** Changes luminance and colour differences in place into what {@link #ofInks} takes as light. */
  static void inksOfYcck(java.awt.image.WritableRaster raster) {
    int width = raster.getWidth();
    int[] row = new int[width * 4];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        double luminance = row[i];
        double blue = row[i + 1] - 128;
        double red = row[i + 2] - 128;
        row[i] = inverted(luminance + 1.402 * red);
        row[i + 1] = inverted(luminance - 0.344136286 * blue - 0.714136286 * red);
        row[i + 2] = inverted(luminance + 1.772 * blue);
      }
      raster.setPixels(0, y, width, 1, row);
    }
  }

  private static int inverted(double level) {
    return 255 - (int) Math.min(255, Math.max(0, Math.round(level)));
  }
}
