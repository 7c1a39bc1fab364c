package org.vnca.data.imports;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.vnca.data.fault.DatasetException;

/**
 * A published file being imported, plain or gzipped, read as a stream. Whatever goes wrong is told
 * with the file's name.
 */
final class SourceFile implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final String GZIP = ".gz";

  private final Path path;
  private final PushbackInputStream raw;
  private final InputStream decoded;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;

  private SourceFile(Path path) {
    this.path = path;
    try {
      // Told by its first bytes: browsers unpack what they download, and leave the name.
      this.raw = new PushbackInputStream(Files.newInputStream(path), 2);
    } catch (IOException e) {
      throw broken(e);
    }
    this.decoded = isGzipped() ? gzip() : raw;
  }

  /**
   * Opens a file.
   *
   * @throws DatasetException if it cannot be opened
   */
  static SourceFile open(Path path) {
    return new SourceFile(path);
  }

  /**
   * The first of some names that is in a folder, plain or with {@code .gz}.
   *
   * @throws DatasetException if none is; the message says what was looked for
   */
  static Path find(Path folder, String... names) {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(
          "%s must be the folder with the files to import, but is %s"
              .formatted(folder, Files.exists(folder) ? "a file" : "missing"));
    }
    List<Path> candidates =
        Arrays.stream(names)
            .flatMap(name -> Stream.of(folder.resolve(name), folder.resolve(name + GZIP)))
            .toList();
    return candidates.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    "%s must hold %s, plain or as .gz, but does not; download it into that folder"
                        .formatted(folder, String.join(" or ", names))));
  }

  /**
   * Notes the files of a folder that are named like those that are read, but are not.
   *
   * @param names what they are called, without {@code .gz}
   * @param read what is read
   */
  static void noteOthers(Path folder, Pattern names, Set<Path> read, ImportNotes notes)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String plain =
            name.endsWith(GZIP) ? name.substring(0, name.length() - GZIP.length()) : name;
        if (names.matcher(plain).matches() && !read.contains(file)) {
          notes.add(ImportNote.Kind.OTHER_PART, name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** The next byte, or -1 at the end. */
  int read() {
    if (position == limit && !refill()) {
      return -1;
    }
    return buffer[position++] & 0xFF;
  }

  /**
   * Reads as many bytes as fit.
   *
   * @return how many were left to read, at most the target's length
   */
  int read(byte[] target) {
    int done = 0;
    while (done < target.length && (position < limit || refill())) {
      int count = Math.min(target.length - done, limit - position);
      System.arraycopy(buffer, position, target, done, count);
      position += count;
      done += count;
    }
    return done;
  }

  /** A big-endian 32-bit number. */
  int readInt() {
    byte[] bytes = new byte[Integer.BYTES];
    if (read(bytes) < bytes.length) {
      throw broken(new EOFException("its header is cut off"));
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  /**
   * Refuses bytes after what should be the end.
   *
   * @param content what the file holds, for the message
   */
  void requireEnd(String content) {
    if (read() >= 0 || (decoded instanceof Gzip gzip && gzip.hasMore())) {
      throw new DatasetException(
          "%s must end after %s, but goes on; download it again".formatted(path, content));
    }
  }

  /** A fault at a place in the file. */
  DatasetException fault(String place, String rule) {
    return new DatasetException("%s, %s: %s; download it again".formatted(path, place, rule));
  }

  /** A fault that another copy of the file has too. */
  DatasetException wrongFile(String rule) {
    return new DatasetException("%s %s".formatted(path, rule));
  }

  @Override
  public void close() throws IOException {
    decoded.close();
    raw.close();
  }

  private boolean refill() {
    try {
      position = 0;
      limit = Math.max(0, decoded.read(buffer));
      return limit > 0;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private boolean isGzipped() {
    try {
      byte[] first = raw.readNBytes(2);
      raw.unread(first);
      return first.length == 2 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B;
    } catch (IOException e) {
      throw closed(broken(e));
    }
  }

  private DatasetException closed(DatasetException fault) {
    try {
      raw.close();
    } catch (IOException again) {
      fault.addSuppressed(again);
    }
    return fault;
  }

  private InputStream gzip() {
    try {
      return new Gzip(raw);
    } catch (IOException e) {
      throw closed(broken(e));
    }
  }

  private DatasetException broken(IOException e) {
    boolean content = e instanceof EOFException || e instanceof ZipException;
    return new DatasetException(
        "%s cannot be read: %s%s".formatted(path, words(e), content ? "; download it again" : ""),
        e);
  }

  private static String words(IOException e) {
    // The JDK's decoder throws some without a word.
    return e.getMessage() != null && (e instanceof ZipException || e instanceof EOFException)
        ? e.getMessage()
        : ImageFiles.reason(e);
  }

  /** Also tells what the JDK's stream passes over in silence: bytes after the last member. */
  private static final class Gzip extends GZIPInputStream {
    private static final int TRAILER = 8;

    Gzip(InputStream in) throws IOException {
      super(in, BUFFER);
    }

    /** Whether the compressed file goes on although its content has ended. */
    boolean hasMore() {
      try {
        return inf.getRemaining() > TRAILER || in.read() >= 0;
      } catch (IOException e) {
        return true;
      }
    }
  }
}
