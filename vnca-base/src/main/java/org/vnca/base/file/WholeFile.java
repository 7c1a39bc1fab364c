package org.vnca.base.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnca.base.hash.Sha256;

/**
 * Writes files that appear whole or not at all: another file beside the place is written, forced to
 * disk, and renamed. Missing directories are made, a file of that name is replaced, a symbolic link
 * is followed.
 *
 * <p>The file has the mode that the umask gives. Two processes that write the same file do not
 * disturb each other; the last one stays. What is not finished is deleted after a fault; what a
 * killed process left is deleted by the next one that writes the same file.
 */
public final class WholeFile {
  /** Start of the names of what is not in its place yet; a reader never looks at them. */
  public static final String TEMPORARY = ".tmp-";

  /** File systems allow 255 bytes a name; the temporary one has up to 43 more than the file's. */
  private static final int LONGEST_NAME = 200;

  private WholeFile() {}

  /** What is written to a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param channel of an empty file, open for writing and reading, at its start
     * @throws IOException if it cannot be written
     */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @throws IOException if it cannot be written; what was there before is then still there
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    place(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)), false);
  }

  /**
   * Writes a file of text in UTF-8.
   *
   * @throws IOException as {@link #write(Path, byte[])}
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a file whose content takes a while. If the program is asked to end meanwhile (Ctrl-C),
   * nothing of it is left.
   *
   * @throws IOException as {@link #write(Path, byte[])}, or what {@code content} throws
   */
  public static void stream(Path file, Content content) throws IOException {
    place(file, content, true);
  }

  private static void place(Path file, Content content, boolean takesLong) throws IOException {
    Path target = target(file);
    makeFolder(target.getParent());
    removeLeftovers(target);
    while (!written(target, content, takesLong)) {
      // Another process took the new file for a leftover before it was locked, and deleted it.
    }
  }

  /** Whether the file was still there when it was locked; nothing is written if it was not. */
  private static boolean written(Path target, Content content, boolean takesLong)
      throws IOException {
    // Not a createTempFile: its files are readable by their owner only, and so would the file be.
    Path fresh =
        target.resolveSibling(
            stem(target)
                + ProcessHandle.current().pid()
                + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    if (takesLong) {
      // Ctrl-C ends the program without the finally block below.
      fresh.toFile().deleteOnExit();
    }
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      // Until it has its name, so that no other process takes it for a leftover.
      FileLock inUse = lock(channel);
      if (Files.notExists(fresh)) {
        return false;
      }
      content.writeTo(channel);
      channel.force(true);
      move(fresh, target);
      if (inUse != null) {
        inUse.release();
      }
      return true;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Where the file really goes. */
  private static Path target(Path file) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new FileSystemException(file.toString(), null, "it is a folder; name a file in it");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new FileSystemException(
          file.toString(), null, "it is no ordinary file; name another one");
    }
    return target;
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      FileSystemException told =
          new FileSystemException(e.getFile(), null, e.getFile() + " is no folder");
      told.initCause(e);
      throw told;
    }
  }

  /** What processes left that were killed while they wrote this file: no process holds it. */
  private static void removeLeftovers(Path target) throws IOException {
    Pattern leftover = Pattern.compile(Pattern.quote(stem(target)) + "(\\d+)-[0-9a-f]{16}");
    String self = Long.toString(ProcessHandle.current().pid());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(target.getParent())) {
      for (Path file : files) {
        Matcher name = leftover.matcher(file.getFileName().toString());
        // A process that opens and closes its own file loses the lock that it has on it.
        if (name.matches() && !name.group(1).equals(self)) {
          deleteIfUnused(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void deleteIfUnused(Path leftover) {
    try (FileChannel channel = FileChannel.open(leftover, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        Files.deleteIfExists(leftover);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // It is gone by now, or another process holds it; either way it does no harm.
    }
  }

  /** Some file systems have no locks; there, leftovers stay and nothing is taken for one. */
  private static FileLock lock(FileChannel channel) {
    try {
      return channel.lock();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Renames a file or directory to a place on the same file system, and forces the names to disk.
   *
   * @throws IOException if it cannot be renamed; nothing has changed then
   */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(to.toAbsolutePath().getParent());
  }

  /** Forces a file, or the names in a directory, to disk. */
  public static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Writes all bytes that remain; a single call of the channel may write fewer. */
  public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** How the names of all unfinished files for a place begin. */
  private static String stem(Path target) {
    String name = target.getFileName().toString();
    boolean tooLong = name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME;
    return TEMPORARY + (tooLong ? Sha256.of(name) : name) + "-";
  }
}
