package org.vnca.data.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;

/** PNG: the walk over its chunks. */
final class PngFile {
  private static final int SIGNATURE = 8;

  /** Where the first chunk, which says what the picture is, has the kind of its samples. */
  private static final int COLOUR_TYPE = 25;

  private static final int INDEXED = 3;

  /** Those that make pixels; tRNS is a palette's transparency. */
  private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** No profile or description needs more, unpacked. */
  private static final int MOST_TEXT = 1 << 24;

  private PngFile() {}

  /**
   * Checks lengths, the checksums of what makes pixels, and that the file has its end.
   *
   * @throws IOException if it is cut off or damaged
   */
  static StoredPicture walk(byte[] file) throws IOException {
    StoredPicture.Bytes needed = new StoredPicture.Bytes(file.length);
    needed.put(file, 0, SIGNATURE);
    StoredPicture told = new StoredPicture(file);
    ByteBuffer chunks = ByteBuffer.wrap(file).position(SIGNATURE);
    boolean standard = false;
    byte[] profile = null;
    while (chunks.remaining() >= 12) {
      int at = chunks.position();
      int length = chunks.getInt();
      if (length < 0 || length > chunks.remaining() - 8) {
        break;
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      chunks.position(at + 12 + length);
      boolean intact = checksum(file, at + 4, 4 + length) == chunks.getInt(at + 8 + length);
      if (NEEDED.contains(type)) {
        if (!intact) {
          throw new IOException("is damaged: a checksum is wrong");
        }
        needed.put(file, at, 12 + length);
        if (type.equals("PLTE") && file[COLOUR_TYPE] == INDEXED) {
          told.colours(length / 3);
        }
      } else if (intact) {
        byte[] content = Arrays.copyOfRange(file, at + 8, at + 8 + length);
        standard |= type.equals("sRGB");
        profile = type.equals("iCCP") ? content : profile;
        tell(told, type, content);
      }
      if (type.equals("IEND")) {
        return finished(needed.toByteArray(), told, standard ? null : profile);
      }
    }
    throw new IOException("is cut off");
  }

  private static StoredPicture finished(byte[] needed, StoredPicture told, byte[] profile) {
    StoredPicture picture = new StoredPicture(needed).toldBy(told);
    if (profile != null) {
      picture.profile(unpacked(profile));
    }
    return picture;
  }

  private static void tell(StoredPicture told, String type, byte[] content) {
    switch (type) {
      case "eXIf" -> told.exif(content);
      case "acTL" -> {
        if (content.length >= 4 && ByteBuffer.wrap(content).getInt() > 1) {
          told.note(ImportNote.Kind.FIRST_FRAME);
        }
      }
      case "iTXt" -> {
        if (startsWith(content, "XML:com.adobe.xmp\0")) {
          told.xmp(content);
        }
      }
      case "tEXt", "zTXt" -> {
        if (startsWith(content, "Raw profile type exif\0")
            || startsWith(content, "Raw profile type APP1\0")) {
          told.exif(rawProfile(type.equals("tEXt") ? content : unpacked(content)));
        }
      }
      default -> {}
    }
  }

  private static int checksum(byte[] file, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(file, at, length);
    return (int) crc.getValue();
  }

  /** What is packed behind a chunk's keyword; empty if it is broken, since no pixel needs it. */
  private static byte[] unpacked(byte[] content) {
    int at = 0;
    while (at < content.length && content[at] != 0) {
      at++;
    }
    int from = Math.min(content.length, at + 2);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(content, from, content.length - from))) {
      return in.readNBytes(MOST_TEXT);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** ImageMagick's way of keeping EXIF: a name, a length, then hexadecimal digits in lines. */
  private static byte[] rawProfile(byte[] text) {
    String digits =
        new String(text, StandardCharsets.ISO_8859_1)
            .replaceFirst("(?s)^.*?\\n?(?:exif|app1|APP1)\\s+\\d+\\s", "")
            .replaceAll("\\s", "");
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static boolean startsWith(byte[] content, String start) {
    return new String(
            content, 0, Math.min(content.length, start.length()), StandardCharsets.ISO_8859_1)
        .equals(start);
  }
}
