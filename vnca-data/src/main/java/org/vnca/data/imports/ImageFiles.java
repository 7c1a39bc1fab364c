package org.vnca.data.imports;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.vnca.data.DatasetException;

/** The PNG and JPEG files of a folder, with those of its folders, or of a zip; for many threads. */
abstract class ImageFiles implements Closeable {
  private final List<String> names;

  private ImageFiles(List<String> names) {
    this.names = names.stream().filter(ImageFiles::isImage).sorted().toList();
  }

  /**
   * Opens a folder or a zip.
   *
   * @throws DatasetException if there is neither, or it cannot be read
   */
  static ImageFiles open(Path source) {
    try {
      if (Files.isDirectory(source)) {
        return new Folder(source);
      }
      if (Files.isRegularFile(source)) {
        return new Zip(source);
      }
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, e.getMessage()), e);
    }
    throw new DatasetException(
        "%s must be a folder or a zip with images, but is missing".formatted(source));
  }

  /** Paths of the images within the source, sorted, so that no file system's order matters. */
  List<String> names() {
    return names;
  }

  /**
   * The bytes of one.
   *
   * @throws IOException if it cannot be read, or is not what the zip's directory says
   */
  abstract byte[] read(String name) throws IOException;

  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean hidden = lower.startsWith("__macosx/") || lower.matches("(.*/)?\\.[^/]*");
    return !hidden && lower.matches(".*\\.(png|jpg|jpeg)");
  }

  private static final class Folder extends ImageFiles {
    private final Path folder;

    Folder(Path folder) throws IOException {
      super(list(folder));
      this.folder = folder;
    }

    private static List<String> list(Path folder) throws IOException {
      try (var files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
        return files
            .filter(Files::isRegularFile)
            .map(file -> folder.relativize(file).toString().replace('\\', '/'))
            .toList();
      }
    }

    @Override
    byte[] read(String name) throws IOException {
      return Files.readAllBytes(folder.resolve(name));
    }

    @Override
    public void close() {}
  }

  private static final class Zip extends ImageFiles {
    private final ZipFile zip;

    Zip(Path file) throws IOException {
      this(new ZipFile(file.toFile()));
    }

    private Zip(ZipFile zip) {
      super(list(zip));
      this.zip = zip;
    }

    private static List<String> list(ZipFile zip) {
      List<String> names = new ArrayList<>();
      zip.stream().filter(e -> !e.isDirectory()).forEach(e -> names.add(e.getName()));
      return names;
    }

    /** The JDK's stream checks neither length nor checksum. */
    @Override
    byte[] read(String name) throws IOException {
      ZipEntry entry = zip.getEntry(name);
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = in.readAllBytes();
        if (entry.getSize() >= 0 && bytes.length != entry.getSize()) {
          throw new IOException(
              "has %d bytes, but the zip's directory says %d"
                  .formatted(bytes.length, entry.getSize()));
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (entry.getCrc() >= 0 && crc.getValue() != entry.getCrc()) {
          throw new IOException("is not what the zip's checksum says");
        }
        return bytes;
      }
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }
}
