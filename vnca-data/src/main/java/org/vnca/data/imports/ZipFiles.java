package org.vnca.data.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipExtraField;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.vnca.data.fault.DatasetException;

/**
 * The pictures of a zip. Names only tell pictures apart here and are never opened as files, so that
 * absolute ones, and those with {@code ..}, do no harm.
 */
final class ZipFiles extends ImageFiles {
  /** The code page that the format prescribes for names that are not marked as UTF-8. */
  private static final Charset CODE_PAGE = Charset.forName("IBM437");

  private static final int MANY_TIMES_DENSER = 2000;

  /** The library takes others for readable, too, for which it needs libraries that are not here. */
  private static final Set<ZipMethod> READ =
      Set.of(
          ZipMethod.STORED,
          ZipMethod.UNSHRINKING,
          ZipMethod.IMPLODING,
          ZipMethod.DEFLATED,
          ZipMethod.ENHANCED_DEFLATED,
          ZipMethod.BZIP2);

  private final Path file;
  private final ZipFile zip;
  private final TreeMap<String, ZipArchiveEntry> pictures = new TreeMap<>();

  ZipFiles(Path file, ImportNotes notes) throws IOException {
    this.file = file;
    requireZip(file);
    this.zip = open(file);
    try {
      Map<String, Integer> times = new HashMap<>();
      for (ZipArchiveEntry entry : entries()) {
        enter(entry, times, notes);
      }
      refuseDoubled(times);
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return ZipFile.builder()
          .setPath(file)
          .setCharset(CODE_PAGE)
          .setUseUnicodeExtraFields(false)
          .setIgnoreLocalFileHeader(true)
          .get();
    } catch (IOException | RuntimeException e) {
      throw new DatasetException(
          "%s is a zip without a whole directory: cut off, damaged or one part of several; copy or"
                  .formatted(file)
              + " make it again",
          e);
    }
  }

  private List<ZipArchiveEntry> entries() {
    List<ZipArchiveEntry> entries = new ArrayList<>();
    zip.getEntries().asIterator().forEachRemaining(entries::add);
    return entries;
  }

  private void enter(ZipArchiveEntry entry, Map<String, Integer> times, ImportNotes notes) {
    String name = name(entry, notes);
    if (name.endsWith("/") || entry.isDirectory()) {
      return;
    }
    if (PictureName.isHidden(name)) {
      notes.add(ImportNote.Kind.HIDDEN, name);
      return;
    }
    if (entry.isUnixSymlink()) {
      bad(name, "is a link, which are not followed inside a zip; put the file in its place");
      return;
    }
    if (!isWanted(name, () -> zip.getInputStream(entry), notes)) {
      return;
    }
    if (times.merge(name, 1, Integer::sum) > 1) {
      return;
    }
    String fault = fault(entry);
    if (fault == null) {
      pictures.put(name, entry);
    } else {
      bad(name, fault);
    }
  }

  /**
   * Why an entry cannot be read, as far as the directory says; null if nothing speaks against it.
   */
  private String fault(ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return "is encrypted; unpack the zip with its password, and import the folder";
    }
    ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
    if (method == null || !READ.contains(method) || !zip.canReadEntryData(entry)) {
      return "is packed by a method that is not read (%s); unpack the zip, and import the folder"
          .formatted(method == null || method == ZipMethod.UNKNOWN ? entry.getMethod() : method);
    }
    if (entry.getSize() > MOST_BYTES) {
      return "has %,d bytes unpacked; %,d are the most that are read"
          .formatted(entry.getSize(), MOST_BYTES);
    }
    if (entry.getSize() / MANY_TIMES_DENSER > Math.max(1, entry.getCompressedSize())) {
      return "is packed to %,d of %,d bytes, as no picture is"
          .formatted(entry.getCompressedSize(), entry.getSize());
    }
    return null;
  }

  private void refuseDoubled(Map<String, Integer> times) {
    List<String> doubled =
        times.entrySet().stream()
            .filter(name -> name.getValue() > 1)
            .map(
                name ->
                    "%s (%d times)".formatted(PictureName.shown(name.getKey()), name.getValue()))
            .sorted()
            .toList();
    if (!doubled.isEmpty()) {
      throw new DatasetException(
          "%s has several files of one name, of which only one can be meant: %s%s; make it again"
              .formatted(file, doubled.get(0), doubled.size() > 1 ? ", ..." : ""));
    }
  }

  private static String name(ZipArchiveEntry entry, ImportNotes notes) {
    byte[] raw = entry.getRawName();
    String name = entry.getName();
    if (raw != null && !entry.getGeneralPurposeBit().usesUTF8ForNames()) {
      String unicode = unicodeField(entry, raw);
      String utf8 = unicode == null ? utf8(raw) : unicode;
      name = utf8 == null ? new String(raw, CODE_PAGE) : utf8;
      if (utf8 == null) {
        notes.add(ImportNote.Kind.CODE_PAGE, plain(name));
      }
    }
    return plain(name);
  }

  /** One spelling of a path: slashes, no empty steps, none that stays where it is. */
  private static String plain(String name) {
    String path = name.replace('\\', '/').replaceAll("/(\\./|/)+", "/");
    return path.startsWith("./") ? path.substring(2) : path;
  }

  /** The name that Info-ZIP keeps beside the old one, if it still belongs to that. */
  private static String unicodeField(ZipArchiveEntry entry, byte[] raw) {
    ZipExtraField field = entry.getExtraField(UnicodePathExtraField.UPATH_ID);
    if (!(field instanceof UnicodePathExtraField path)) {
      return null;
    }
    CRC32 crc = new CRC32();
    crc.update(raw);
    return crc.getValue() == path.getNameCRC32()
        ? new String(path.getUnicodeName(), StandardCharsets.UTF_8)
        : null;
  }

  /** Many programs write UTF-8 without saying so; other code pages hardly ever look like it. */
  private static String utf8(byte[] raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** A zip may have something before it, such as a program that unpacks it; but not these. */
  private static void requireZip(Path file) throws IOException {
    byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(512);
    }
    String start = new String(first, StandardCharsets.ISO_8859_1);
    boolean tar = first.length > 262 && start.startsWith("ustar", 257);
    String packed =
        tar
            ? "a tar archive"
            : start.startsWith("\u001f\u008b")
                ? "a gzip archive"
                : start.startsWith("7z\u00bc\u00af")
                    ? "a 7z archive"
                    : start.startsWith("Rar!")
                        ? "a RAR archive"
                        : start.startsWith("BZh")
                            ? "a bzip2 archive"
                            : start.startsWith("\u00fd7zXZ") ? "an xz archive" : null;
    if (packed != null) {
      throw new DatasetException(
          "%s must be a folder or a zip, but is %s; unpack it, and import the folder"
              .formatted(file, packed));
    }
    if (PictureKind.of(first).isPresent()) {
      throw new DatasetException(
          "%s must be a folder or a zip, but is one picture; name its folder".formatted(file));
    }
    if (first.length == 0) {
      throw new DatasetException(
          "%s must be a folder or a zip, but is empty; copy it again".formatted(file));
    }
  }

  @Override
  List<String> names() {
    return List.copyOf(pictures.keySet());
  }

  /** What is unpacked is bounded by what the directory says, and held against its checksum. */
  @Override
  byte[] read(String name) throws IOException {
    ZipArchiveEntry entry = pictures.get(name);
    byte[] bytes;
    // One at a time: the library moves a place in the file that all threads share.
    synchronized (zip) {
      try (InputStream in = zip.getInputStream(entry)) {
        bytes = in.readNBytes((int) Math.min(MOST_BYTES, entry.getSize()) + 1);
      } catch (IOException | RuntimeException e) {
        throw new IOException("cannot be unpacked: it is damaged", e);
      }
    }
    if (bytes.length != entry.getSize()) {
      throw new IOException(
          "has %s bytes, but the zip's directory says %d"
              .formatted(bytes.length > entry.getSize() ? "more" : bytes.length, entry.getSize()));
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != entry.getCrc()) {
      throw new IOException("is not what the zip's checksum says");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
