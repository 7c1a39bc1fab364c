package org.vnca.data.imports;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Kinds of pictures that are read, told by their first bytes, never by their names. */
enum PictureKind {
  /** Portable Network Graphics, animated ones included. */
  PNG("png"),
  /** JPEG: baseline, progressive and lossless. */
  JPEG("jpeg"),
  /** GIF. */
  GIF("gif"),
  /** WebP: lossy, lossless, animated. */
  WEBP("webp"),
  /** TIFF and BigTIFF. */
  TIFF("tiff"),
  /** Windows bitmap. */
  BMP("bmp");

  /** As many bytes as are looked at. */
  static final int FIRST_BYTES = 16;

  private final String format;

  PictureKind(String format) {
    this.format = format;
  }

  /** What ImageIO calls it. */
  String format() {
    return format;
  }

  /** The kind that begins so; empty if none that is read does. */
  static Optional<PictureKind> of(byte[] file) {
    if (begins(file, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    } else if (begins(file, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    } else if (begins(file, 0, "GIF87a") || begins(file, 0, "GIF89a")) {
      return Optional.of(GIF);
    } else if (begins(file, 0, "RIFF") && begins(file, 8, "WEBP")) {
      return Optional.of(WEBP);
    } else if (begins(file, 0, "II*\0")
        || begins(file, 0, "MM\0*")
        || begins(file, 0, "II+\0")
        || begins(file, 0, "MM\0+")) {
      return Optional.of(TIFF);
    } else if (begins(file, 0, "BM") && begins(file, 6, "\0\0\0\0")) {
      return Optional.of(BMP);
    }
    return Optional.empty();
  }

  /** What a file is instead, in the words of a message that follows the file's name. */
  static String otherwise(byte[] file) {
    if (file.length == 0) {
      return "is empty";
    } else if (begins(file, 4, "ftyp")) {
      return "is a HEIC, AVIF or video file, which are not read; save it as PNG or JPEG";
    } else if (begins(file, 0, "\u00ff\n") || begins(file, 4, "JXL ")) {
      return "is a JPEG XL file, which are not read; save it as PNG or JPEG";
    } else if (begins(file, 4, "jP  ") || begins(file, 0, "\u00ffO\u00ffQ")) {
      return "is a JPEG 2000 file, which are not read; save it as PNG or JPEG";
    } else if (begins(file, 0, "version https://git-lfs")) {
      return "is a pointer of Git LFS, not the picture; fetch it (git lfs pull)";
    } else if (begins(file, 0, "/annex/objects") || begins(file, 0, "../.git/annex")) {
      return "is a pointer of git-annex, not the picture; fetch it (git annex get)";
    } else if (begins(file, 0, "<")) {
      return "is a page or SVG drawing, not a picture of pixels";
    }
    return "is no picture: neither PNG, JPEG, GIF, WebP, TIFF nor BMP";
  }

  private static boolean begins(byte[] file, int at, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
    if (file.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (file[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
