package org.vnca.data.imports;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads pictures whole or not at all: a truncated or damaged file, of which a decoder would hand
 * over what there is, is refused. PNG, GIF and ordinary JPEG are decoded by the JDK; TIFF, BMP and
 * lossless JPEG by TwelveMonkeys' plug-ins; WebP by libwebp.
 */
final class ImageDecoder {
  // Streams stay in memory: no files of ImageIO in the system's temporary folder.
  static {
    ImageIO.setUseCache(false);
  }

  /** Warnings that no pixel suffers from; all others do, as far as is known. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "(?i).*(profile|exif|jfif|adobe colou?r transform|invalid sos param|ignoring"
              + " un(expected|supported) chunk|8 bit colormap|all-zero|missing"
              + " (strip|tile)bytecounts).*");

  private static final Pattern EXTRANEOUS =
      Pattern.compile(".*: (\\d+) extraneous bytes before marker 0xd9.*", Pattern.DOTALL);

  private static final String OF_JDK = "com.sun.imageio.";
  private static final String OF_TWELVE_MONKEYS = "com.twelvemonkeys.imageio.";

  private ImageDecoder() {}

  /**
   * A picture as it should be seen.
   *
   * @param pixels upright, colours multiplied by alpha
   * @param notes what was done to it
   */
  record Decoded(Pixmap pixels, Set<ImportNote.Kind> notes) {}

  /**
   * Decodes.
   *
   * @param memory takes what the picture takes
   * @throws IOException if the file is damaged or of a kind that cannot be read; the message goes
   *     on from the file's name
   */
  static Decoded decode(byte[] file, PictureMemory.Share memory) throws IOException {
    Optional<PictureKind> kind = PictureKind.of(file);
    if (kind.isEmpty()) {
      throw new IOException(PictureKind.otherwise(file));
    }
    try {
      StoredPicture stored = StoredPicture.of(kind.get(), file);
      Set<ImportNote.Kind> notes = EnumSet.noneOf(ImportNote.Kind.class);
      notes.addAll(stored.notes());
      Pixmap pixels = read(kind.get(), stored, memory, notes);
      if (stored.orientation() != Orientation.UPRIGHT) {
        notes.add(ImportNote.Kind.TURNED);
      }
      if (pixels.isTransparent()) {
        notes.add(ImportNote.Kind.TRANSPARENT);
      }
      return new Decoded(Orientation.upright(pixels, stored.orientation()), notes);
    } catch (EOFException e) {
      throw new IOException("is cut off", e);
    } catch (RuntimeException | StackOverflowError e) {
      // Decoders throw these, not IOExceptions, for some damaged headers.
      throw new IOException("is damaged: it cannot be decoded", e);
    } catch (OutOfMemoryError e) {
      // The pixels have their room; so this was a damaged length, and nothing keeps what it made.
      throw new IOException("is damaged, or asks for more memory than the program has", e);
    }
  }

  private static Pixmap read(
      PictureKind kind,
      StoredPicture stored,
      PictureMemory.Share memory,
      Set<ImportNote.Kind> notes)
      throws IOException {
    ImageReader reader = reader(kind, stored.coding());
    if (kind == PictureKind.WEBP) {
      LibWebp.require(reader);
    }
    Warnings warnings = new Warnings(stored.bytes());
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(stored.bytes()))) {
      reader.setInput(in, false, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      memory.take(width, height);
      if (stored.canvas().isPresent()) {
        memory.take(stored.canvas().get().width(), stored.canvas().get().height());
      }
      Pixmap pixels = pixels(kind, reader, stored, notes);
      warnings.refuse();
      return stored.canvas().map(pixels::onCanvas).orElse(pixels);
    } catch (EOFException e) {
      throw e;
    } catch (IOException e) {
      throw explained(e);
    } finally {
      reader.dispose();
    }
  }

  private static Pixmap pixels(
      PictureKind kind, ImageReader reader, StoredPicture stored, Set<ImportNote.Kind> notes)
      throws IOException {
    StoredPicture.Coding coding = stored.coding();
    if (coding == StoredPicture.Coding.CMYK || coding == StoredPicture.Coding.YCCK) {
      Raster raster = reader.readRaster(0, null);
      if (coding == StoredPicture.Coding.YCCK) {
        PixelSamples.inksOfYcck((WritableRaster) raster);
      }
      return PixelSamples.ofInks(raster, true);
    }
    BufferedImage image = kind == PictureKind.WEBP ? LibWebp.read(reader) : reader.read(0);
    if (image.getColorModel().getComponentSize(0) > 8) {
      notes.add(ImportNote.Kind.SIXTEEN_BITS);
    }
    if (image.getRaster().getNumBands() > 3 && !image.getColorModel().hasAlpha()) {
      notes.add(ImportNote.Kind.CMYK);
    }
    return PixelSamples.of(image, stored.colours());
  }

  /** The one that is meant, whatever else is installed and in whatever order. */
  private static ImageReader reader(PictureKind kind, StoredPicture.Coding coding) {
    String owner =
        switch (kind) {
          case PNG, GIF -> OF_JDK;
          case JPEG -> coding == StoredPicture.Coding.LOSSLESS ? OF_TWELVE_MONKEYS : OF_JDK;
          case TIFF, BMP -> OF_TWELVE_MONKEYS;
          case WEBP -> "com.luciad.imageio.webp.";
        };
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(kind.format());
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith(owner)) {
        return reader;
      }
    }
    throw new IllegalStateException("no reader of " + kind + " is installed");
  }

  private static IOException explained(IOException e) {
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (message.startsWith("has ") || message.startsWith("is ")) {
      return e;
    }
    if (e.getCause() instanceof EOFException || lower.contains("unexpected end")) {
      return new IOException("is cut off", e);
    }
    if (lower.contains("unsupported") || lower.contains("not supported")) {
      IOException unread = unread(message);
      unread.initCause(e);
      return unread;
    }
    return new IOException("is damaged: it cannot be decoded", e);
  }

  private static IOException unread(String what) {
    return new IOException(
        "is of a kind that is not read (%s); save it as PNG or JPEG"
            .formatted(PictureName.shown(what)));
  }

  /** What a decoder complains of. */
  private static final class Warnings {
    private final byte[] file;
    private String first;

    Warnings(byte[] file) {
      this.file = file;
    }

    void add(String warning) {
      if (first == null && !HARMLESS.matcher(warning).matches() && !isPadding(warning)) {
        first = warning;
      }
    }

    void refuse() throws IOException {
      if (first == null) {
        return;
      }
      String lower = first.toLowerCase(Locale.ROOT);
      if (lower.contains("not implemented")) {
        throw unread(first);
      }
      boolean cut = lower.contains("premature end") || lower.contains("truncated");
      throw new IOException(cut ? "is cut off" : "is damaged: " + PictureName.shown(first));
    }

    /** Some cameras fill up a scan with equal bytes before the end; then all pixels are there. */
    private boolean isPadding(String warning) {
      Matcher matcher = EXTRANEOUS.matcher(warning);
      if (!matcher.matches()) {
        return false;
      }
      int count = Integer.parseInt(matcher.group(1));
      for (int end = file.length - 2; end > count; end--) {
        if ((file[end] & 0xFF) == 0xFF && (file[end + 1] & 0xFF) == 0xD9) {
          byte fill = file[end - 1];
          boolean equal = fill == 0 || fill == -1;
          for (int i = 1; i <= count; i++) {
            equal &= file[end - i] == fill;
          }
          return equal;
        }
      }
      return false;
    }
  }
}
