package org.vnca.data.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JPEG: the walk over its segments up to the pixels. The decoder is handed a file without
 * thumbnails, profiles and fill bytes, and with one marker that says which colours the components
 * are, by libjpeg's rules: the JDK's own guess differs where a file does not say.
 */
final class JpegFile {
  private static final int START_OF_SCAN = 0xDA;
  private static final int END = 0xD9;
  private static final int LOSSLESS = 0xC3;

  /** {@code APP0}: JFIF 1.1, so the three components are luminance and colour differences. */
  private static final int[] JFIF = {
    0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private final byte[] file;
  private final StoredPicture.Bytes kept;
  private final StoredPicture told;
  private final ByteArrayOutputStream profile = new ByteArrayOutputStream();
  private boolean jfif;
  private int adobe = -1;
  private boolean lossless;
  private byte[] components = {};

  private JpegFile(byte[] file) {
    this.file = file;
    this.kept = new StoredPicture.Bytes(file.length);
    this.told = new StoredPicture(file);
  }

  /**
   * Walks the segments before the first scan.
   *
   * @throws IOException if it is cut off or damaged
   */
  static StoredPicture walk(byte[] file) throws IOException {
    return new JpegFile(file).walk();
  }

  private StoredPicture walk() throws IOException {
    int at = 2;
    while (true) {
      at = marker(at);
      int marker = file[at] & 0xFF;
      boolean alone = marker == 1 || (marker >= 0xD0 && marker <= 0xD8);
      if (marker == END) {
        throw new IOException("is damaged: it ends before its pixels");
      }
      if (alone) {
        at++;
        continue;
      }
      int length = at + 2 < file.length ? ((file[at + 1] & 0xFF) << 8) | (file[at + 2] & 0xFF) : 0;
      if (at + 1 + length > file.length || length == 0) {
        throw new IOException("is cut off");
      }
      if (length < 2) {
        throw new IOException("is damaged: a segment has no length");
      }
      if (marker == START_OF_SCAN) {
        return finished(at - 1);
      }
      segment(marker, at + 3, length - 2);
      at += 1 + length;
    }
  }

  /** The place of the next marker's second byte, behind what lies before it and fill bytes. */
  private int marker(int from) throws IOException {
    int at = from;
    while (at < file.length && (file[at] & 0xFF) != 0xFF) {
      at++;
    }
    while (at < file.length && (file[at] & 0xFF) == 0xFF) {
      at++;
    }
    if (at >= file.length) {
      throw new IOException("is cut off");
    }
    return file[at] == 0 ? marker(at) : at;
  }

  private void segment(int marker, int at, int length) throws IOException {
    if (marker == 0xE0) {
      jfif |= startsWith(at, length, "JFIF\0");
    } else if (marker == 0xE1 && startsWith(at, length, "Exif\0")) {
      told.exif(Arrays.copyOfRange(file, at, at + length));
    } else if (marker == 0xE1 && startsWith(at, length, "http://ns.adobe.com/xap/")) {
      told.xmp(Arrays.copyOfRange(file, at, at + length));
    } else if (marker == 0xE2 && startsWith(at, length, "ICC_PROFILE\0")) {
      profile.write(file, at, length);
    } else if (marker == 0xE2 && startsWith(at, length, "MPF\0")) {
      told.note(ImportNote.Kind.FIRST_FRAME);
    } else if (marker == 0xEE && length >= 12 && startsWith(at, length, "Adobe")) {
      adobe = file[at + 11] & 0xFF;
    } else if (isFrame(marker) || ((marker & 0xF0) != 0xE0 && marker != 0xFE)) {
      if (isFrame(marker)) {
        frame(marker, at, length);
      }
      kept.put(0xFF, marker).put(file, at - 2, length + 2);
    }
  }

  private void frame(int marker, int at, int length) throws IOException {
    if (components.length > 0) {
      throw new IOException("is damaged: it has two frames");
    }
    int count = length > 5 ? file[at + 5] & 0xFF : 0;
    if (count == 0 || length < 6 + 3 * count) {
      throw new IOException("is damaged: its frame has no components");
    }
    lossless = marker == LOSSLESS;
    components = new byte[count];
    for (int i = 0; i < count; i++) {
      components[i] = file[at + 6 + 3 * i];
    }
  }

  private StoredPicture finished(int scan) throws IOException {
    if (components.length == 0) {
      throw new IOException("is damaged: its frame is missing");
    }
    StoredPicture.Bytes clean = new StoredPicture.Bytes(file.length + JFIF.length);
    clean.put(0xFF, 0xD8).put(colours());
    byte[] segments = kept.toByteArray();
    clean.put(segments, 0, segments.length).put(file, scan, file.length - scan);
    StoredPicture picture = new StoredPicture(clean.toByteArray()).toldBy(told);
    if (profile.size() > 0) {
      picture.profile(profile.toByteArray());
    }
    if (components.length == 4) {
      picture.note(ImportNote.Kind.CMYK);
      picture.coding(adobe > 0 ? StoredPicture.Coding.YCCK : StoredPicture.Coding.CMYK);
    }
    return lossless ? picture.coding(StoredPicture.Coding.LOSSLESS) : picture;
  }

  /** libjpeg's rules (default_decompress_parms); a letter each for red, green and blue is RGB. */
  private int[] colours() throws IOException {
    return switch (components.length) {
      case 1 -> JFIF;
      case 3 -> {
        boolean letters = new String(components, StandardCharsets.ISO_8859_1).equals("RGB");
        boolean rgb = !jfif && (adobe >= 0 ? adobe == 0 : letters);
        yield rgb ? adobe(0) : JFIF;
      }
      case 4 -> adobe(adobe > 0 ? 2 : 0);
      default ->
          throw new IOException(
              "has %d components, which are not read; save it as RGB".formatted(components.length));
    };
  }

  private static int[] adobe(int transform) {
    return new int[] {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};
  }

  private static boolean isFrame(int marker) {
    // C4, C8 and CC are other segments.
    return marker == 0xC0 || (marker > 0xC0 && marker <= 0xCF && marker % 4 != 0);
  }

  private boolean startsWith(int at, int length, String start) {
    return length >= start.length()
        && new String(file, at, start.length(), StandardCharsets.ISO_8859_1).equals(start);
  }
}
