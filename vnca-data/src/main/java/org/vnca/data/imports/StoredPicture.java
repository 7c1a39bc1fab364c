package org.vnca.data.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A picture file whose structure has been walked: that it is whole, what it tells of its pixels,
 * and the bytes that the decoder needs. What makes no pixel (profiles, comments, thumbnails, dates)
 * is not among them, so that its faults can do no harm.
 */
final class StoredPicture {
  /**
   * The area that a picture's pixels are a part of.
   *
   * @param width of the whole, pixels
   * @param height of the whole, pixels
   * @param left where the stored part begins
   * @param top where the stored part begins
   */
  record Canvas(int width, int height, int left, int top) {}

  /** What a JPEG's components are, where that is not for its decoder to say. */
  enum Coding {
    /** One or three, which the decoder makes grey or RGB. */
    PLAIN,
    /** Cyan, magenta, yellow, black. */
    CMYK,
    /** Luminance, colour differences and black. */
    YCCK,
    /** Coded without loss, which the JDK does not read. */
    LOSSLESS
  }

  private final byte[] bytes;
  private final Set<ImportNote.Kind> notes = EnumSet.noneOf(ImportNote.Kind.class);
  private OptionalInt exif = OptionalInt.empty();
  private OptionalInt xmp = OptionalInt.empty();
  private Optional<Canvas> canvas = Optional.empty();
  private Coding coding = Coding.PLAIN;
  private int colours = Integer.MAX_VALUE;

  /**
   * @param bytes what is handed to the decoder
   */
  StoredPicture(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Walks a file.
   *
   * @throws IOException if it is cut off or damaged; the message goes on from the file's name
   */
  static StoredPicture of(PictureKind kind, byte[] file) throws IOException {
    return switch (kind) {
      case PNG -> PngFile.walk(file);
      case JPEG -> JpegFile.walk(file);
      case GIF -> GifFile.walk(file);
      case WEBP -> WebpFile.walk(file);
      case TIFF -> TiffFile.walk(file);
      case BMP -> new StoredPicture(file);
    };
  }

  byte[] bytes() {
    return bytes;
  }

  /** 1 to 8: EXIF's, otherwise XMP's, otherwise upright. */
  int orientation() {
    return exif.orElse(xmp.orElse(Orientation.UPRIGHT));
  }

  Set<ImportNote.Kind> notes() {
    return notes;
  }

  Optional<Canvas> canvas() {
    return canvas;
  }

  Coding coding() {
    return coding;
  }

  StoredPicture coding(Coding how) {
    coding = how;
    return this;
  }

  /** The same with what another has told. */
  StoredPicture toldBy(StoredPicture other) {
    notes.addAll(other.notes);
    colours = other.colours;
    exif = other.exif;
    xmp = other.xmp;
    return this;
  }

  /** How many colours the palette has, where the decoder would not say; no bound without one. */
  int colours() {
    return colours;
  }

  StoredPicture colours(int count) {
    colours = count;
    return this;
  }

  StoredPicture note(ImportNote.Kind kind) {
    notes.add(kind);
    return this;
  }

  StoredPicture onto(Canvas whole) {
    canvas = Optional.of(whole);
    return this;
  }

  /**
   * An EXIF block, with or without the mark that JPEG puts before it; the first that tells counts.
   */
  StoredPicture exif(byte[] block) {
    byte[] mark = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    boolean marked =
        block.length > mark.length
            && ByteBuffer.wrap(block, 0, mark.length).equals(ByteBuffer.wrap(mark));
    byte[] tiff = marked ? Arrays.copyOfRange(block, mark.length, block.length) : block;
    if (exif.isEmpty()) {
      exif = Orientation.ofExif(tiff);
    }
    return this;
  }

  StoredPicture exif(OptionalInt orientation) {
    exif = orientation;
    return this;
  }

  StoredPicture xmp(byte[] packet) {
    if (xmp.isEmpty()) {
      xmp = Orientation.ofXmp(packet);
    }
    return this;
  }

  /** A colour profile; nothing is told of sRGB, which all pictures are taken for. */
  StoredPicture profile(byte[] profile) {
    String text = new String(profile, StandardCharsets.ISO_8859_1).replace("\0", "");
    return text.contains("sRGB") ? this : note(ImportNote.Kind.COLOUR_PROFILE);
  }

  /** Puts a picture's bytes together. */
  static final class Bytes extends ByteArrayOutputStream {
    Bytes(int size) {
      super(size);
    }

    Bytes put(byte[] from, int at, int length) {
      write(from, at, length);
      return this;
    }

    Bytes put(int... values) {
      for (int value : values) {
        write(value);
      }
      return this;
    }
  }
}
