package org.vnca.train.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A right that one process at a time has, such as that to write a run: a lock of the operating
 * system on a file, which a killed process loses by itself. The file stays; deleting it would let
 * two processes lock two files. It holds among machines if the file system they share keeps POSIX
 * locks for all of them.
 *
 * <p>On POSIX systems closing any channel of a file drops all of the process's locks on it. So a
 * process must not look at the lock of a run that it writes itself: {@link RunState#runningHere()}
 * is asked first.
 */
public final class ProcessLock implements AutoCloseable {
  private final FileChannel channel;

  private ProcessLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock; nothing if another process has it.
   *
   * @param file made if it is not there; its directory must be
   * @throws IOException if it cannot be opened, or its file system has no locks
   */
  public static Optional<ProcessLock> take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return lock(channel, false) ? Optional.of(new ProcessLock(channel)) : Optional.empty();
  }

  /** Whether no process has the lock. */
  static boolean isFree(Path file) throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean free = lock(channel, true);
    if (free) {
      channel.close();
    }
    return free;
  }

  /** Locks a channel's file, or closes the channel. */
  private static boolean lock(FileChannel channel, boolean shared) throws IOException {
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, shared) != null) {
        return true;
      }
    } catch (OverlappingFileLockException e) {
      return false; // A thread of this process has it, and would lose it by closing the channel.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return false;
  }

  /**
   * Writes into the file who has the lock, in place of what is there.
   *
   * @throws IOException if it cannot be written
   */
  public void write(String text) throws IOException {
    channel.truncate(0);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
