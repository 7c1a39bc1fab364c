package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.vnca.base.file.Reason;

/** Deletes runs. Links are deleted, never what they lead to. */
public final class RunRemoval {
  private static final String GOING = ".deleted-";

  private RunRemoval() {}

  /**
   * Deletes a run. It loses its name first, so that what is left if this is killed is no run; the
   * next deletion beside it takes that away.
   *
   * @return bytes that its files had
   * @throws RunException if a process is training it, or it cannot be deleted
   */
  public static long delete(RunDirectory run) {
    Path parent = run.path().toAbsolutePath().normalize().getParent();
    Path going = parent.resolve(GOING + run.name());
    try {
      ProcessLock lock =
          ProcessLock.take(run.path().resolve(RunDirectory.LOCK))
              .orElseThrow(() -> new RunException(run + " is being trained; stop it, or leave it"));
      try (lock) {
        clear(going);
        Files.move(run.path(), going, StandardCopyOption.ATOMIC_MOVE);
      }
      return clear(going);
    } catch (IOException e) {
      throw new RunException("%s cannot be deleted: %s".formatted(run, Reason.of(e)), e);
    }
  }

  /** Deletes a directory with all that is in it. */
  private static long clear(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    long[] bytes = {0};
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException fault)
              throws IOException {
            if (fault != null) {
              throw fault;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }
}
