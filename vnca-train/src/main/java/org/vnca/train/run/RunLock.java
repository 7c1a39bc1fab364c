package org.vnca.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to write a run: a lock of the operating system on the file {@code lock}, which a killed
 * process loses by itself. The file stays; deleting it would let two processes lock two files.
 *
 * <p>On POSIX systems closing any channel of a file drops all of the process's locks on it. So this
 * process must not look at the lock of a run that it writes itself: {@link RunState#runningHere()}
 * is asked first.
 */
final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock; nothing if another process has it. */
  static Optional<RunLock> take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return lock(channel, false) ? Optional.of(new RunLock(channel)) : Optional.empty();
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
    }
    channel.close();
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
