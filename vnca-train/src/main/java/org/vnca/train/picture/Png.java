package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/** PNG bytes and files, with notes (key and text) on what the picture shows. */
public final class Png {
  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final int LONGEST_KEYWORD = 79;

  private Png() {}

  /** Whether all pixels of an opaque image are grey. */
  public static boolean isGrey(BufferedImage image) {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int rgb : row) {
        if ((rgb & 0xff) != (rgb >> 8 & 0xff) || (rgb & 0xff) != (rgb >> 16 & 0xff)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The image as PNG: one channel if all pixels are grey, else RGB. Transparency is dropped.
   *
   * @param notes written, by key, as text chunks of the file ({@code tEXt}, or {@code iTXt} where
   *     Latin-1 does not suffice), such as run, step and command
   * @throws IllegalArgumentException if a note's key is not 1 to 79 printable ASCII characters
   */
  public static byte[] encode(BufferedImage image, Map<String, String> notes) {
    BufferedImage plain = isGrey(image) ? grey(image) : rgb(image);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(plain), null);
      annotate(metadata, notes);
      writer.setOutput(out);
      writer.write(new IIOImage(plain, null, metadata));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a PNG in memory: " + Reason.of(e), e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /**
   * Writes a PNG file that appears whole or not at all. Missing directories are created; a file of
   * that name is replaced.
   *
   * @throws UncheckedIOException if it cannot be written; what was there before is then still there
   */
  public static void write(BufferedImage image, Path file, Map<String, String> notes) {
    byte[] bytes = encode(image, notes);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write picture " + file + ": " + Reason.of(e), e);
    }
  }

  private static void annotate(IIOMetadata metadata, Map<String, String> notes)
      throws IIOInvalidTreeException {
    IIOMetadataNode latin = new IIOMetadataNode("tEXt");
    IIOMetadataNode wide = new IIOMetadataNode("iTXt");
    // In one order, so that the same picture is the same file.
    new TreeMap<>(notes)
        .forEach(
            (key, text) -> {
              requireKeyword(key);
              CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();
              if (latin1.canEncode(text)) {
                latin.appendChild(latinEntry(key, text));
              } else {
                wide.appendChild(wideEntry(key, text));
              }
            });
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    for (IIOMetadataNode chunks : new IIOMetadataNode[] {latin, wide}) {
      if (chunks.hasChildNodes()) {
        root.appendChild(chunks);
      }
    }
    metadata.mergeTree(FORMAT, root);
  }

  private static IIOMetadataNode latinEntry(String key, String text) {
    IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
    entry.setAttribute("keyword", key);
    entry.setAttribute("value", text);
    return entry;
  }

  private static IIOMetadataNode wideEntry(String key, String text) {
    IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
    entry.setAttribute("keyword", key);
    entry.setAttribute("compressionFlag", "FALSE");
    entry.setAttribute("compressionMethod", "0");
    entry.setAttribute("languageTag", "");
    entry.setAttribute("translatedKeyword", "");
    entry.setAttribute("text", text);
    return entry;
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

  /** Samples are set directly: drawing onto a grey image would pass through its linear colours. */
  private static BufferedImage grey(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      return image;
    }
    BufferedImage grey =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = grey.getRaster();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        raster.setSample(x, y, 0, image.getRGB(x, y) & 0xff);
      }
    }
    return grey;
  }

  private static BufferedImage rgb(BufferedImage image) {
    BufferedImage rgb =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    rgb.setRGB(0, 0, image.getWidth(), image.getHeight(), pixels, 0, image.getWidth());
    return rgb;
  }
}
