package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/**
 * What lies in a directory while a process makes a run there, and stays if it is killed meanwhile.
 * The process holds the run's lock as long, so that nobody else takes this for a dead one's.
 */
public final class UnbornRun {
  private static final List<String> FILES =
      List.of(RunDirectory.EXPERIMENT, RunDirectory.STATE, RunDirectory.LOCK, RunDigest.FILE);

  private UnbornRun() {}

  /**
   * Whether a place holds nothing, or nothing but parts of a run that is not whole yet.
   *
   * @throws RunException if it cannot be read
   */
  public static boolean isAt(Path path) {
    return members(path)
        .filter(all -> all.stream().allMatch(UnbornRun::isPart))
        .filter(all -> !has(all, RunDirectory.EXPERIMENT) || has(all, RunDirectory.STATE))
        .isPresent();
  }

  /**
   * Removes what a killed process left of a run that it was making; does nothing where nothing is,
   * or anything else.
   *
   * @return false, with nothing touched, if a process is making a run there at this moment
   * @throws RunException if it cannot be read or removed
   */
  public static boolean clear(Path path) {
    if (!Files.exists(path) || !isAt(path)) {
      return true; // Not even a lock is put beside what is somebody else's.
    }
    try (ProcessLock lock = ProcessLock.take(path.resolve(RunDirectory.LOCK)).orElse(null)) {
      if (lock == null) {
        return false;
      }
      // The lock stays: deleting it would let two processes lock two files.
      for (Path part : isAt(path) ? members(path).orElse(List.of()) : List.<Path>of()) {
        if (!isLock(part)) {
          Files.delete(part);
        }
      }
      return true;
    } catch (IOException e) {
      throw new RunException(path + " cannot be made ready for a run: " + Reason.of(e), e);
    }
  }

  /** A descriptor alone is somebody's own: a run's is written behind its state. */
  private static boolean has(List<Path> all, String name) {
    return all.stream().anyMatch(file -> file.getFileName().toString().equals(name));
  }

  /** Whether a directory holds nothing, a lock aside. */
  static boolean isEmpty(Path directory) {
    return members(directory).filter(all -> all.stream().allMatch(UnbornRun::isLock)).isPresent();
  }

  private static boolean isPart(Path file) {
    String name = file.getFileName().toString();
    return FILES.contains(name) || name.startsWith(WholeFile.TEMPORARY);
  }

  private static boolean isLock(Path file) {
    return file.getFileName().toString().equals(RunDirectory.LOCK);
  }

  /** What is in a directory; nothing if there is none, empty if something else is there. */
  private static Optional<List<Path>> members(Path path) {
    try (Stream<Path> members = Files.list(path)) {
      return Optional.of(members.toList());
    } catch (NoSuchFileException e) {
      return Optional.of(List.of());
    } catch (NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RunException(path + " cannot be read: " + Reason.of(e), e);
    }
  }
}
