package org.vnca.train.sweep;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.train.run.ProcessLock;
import org.vnca.train.run.RunException;

/**
 * The right to do what a point needs. One sweep at a time has it, from before it looks at what is
 * to be done until the point's process has ended; a killed one loses it by itself.
 */
final class PointClaim implements AutoCloseable {
  private final Path file;
  private final ProcessLock lock;

  private PointClaim(Path file, ProcessLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes the claim, and writes down who has it; nothing if another sweep has it.
   *
   * @param file its lock, made if it is not there
   * @throws RunException if it cannot be locked or written
   */
  static Optional<PointClaim> take(Path file) {
    Optional<PointClaim> claim = lock(file).map(lock -> new PointClaim(file, lock));
    claim.ifPresent(PointClaim::sign);
    return claim;
  }

  private static Optional<ProcessLock> lock(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return ProcessLock.take(file);
    } catch (IOException e) {
      throw new RunException(
          "%s cannot be locked: %s; a sweep needs a file system with locks"
              .formatted(file, Reason.of(e)),
          e);
    }
  }

  /** Writes down who has the claim, or gives it up. */
  private void sign() {
    try {
      lock.write(here());
    } catch (IOException e) {
      close();
      throw new RunException("%s cannot be written: %s".formatted(file, Reason.of(e)), e);
    }
  }

  /** Which process has the claim, as it wrote itself when it took it. */
  static String owner(Path file) {
    try {
      String owner = Files.readString(file).strip();
      return owner.isEmpty() ? "another process" : owner;
    } catch (IOException e) {
      return "another process";
    }
  }

  private static String here() {
    return "process %d on %s since %s\n"
        .formatted(
            ProcessHandle.current().pid(), host(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a machine without a name";
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new RunException("the lock %s cannot be released: %s".formatted(file, Reason.of(e)), e);
    }
  }
}
