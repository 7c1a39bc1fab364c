package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vnca.base.file.WholeFile;

/**
 * Saves checkpoints so that a writer killed at any moment leaves the pointers at whole ones.
 *
 * <p>The order: files beside their place; sizes and checksums; all of it on disk; renamed into
 * place; the pointers; only then are old checkpoints moved aside and deleted. Where the step has a
 * checkpoint already, that one is moved aside first, and put back by the next writer if this one is
 * killed before the new one is in place.
 */
final class CheckpointSaver {
  /** What has been done of a save. A test kills the process there. */
  enum Phase {
    BODY_WRITTEN,
    ON_DISK,
    OLD_ASIDE,
    IN_PLACE,
    LATEST_POINTS,
    BEST_POINTS,
    PRUNED_ASIDE,
    DONE
  }

  private static final String ASIDE = ".old-";

  private final Path run;
  private final Checkpoints checkpoints;
  private int keep;
  private final Consumer<Phase> progress;

  CheckpointSaver(Path run, int keep, Consumer<Phase> progress) {
    this.run = run;
    this.checkpoints = new Checkpoints(run);
    this.keep = keep;
    this.progress = progress;
  }

  /** Changes how many of the newest checkpoints later saves keep. */
  void keep(int newest) {
    keep = newest;
  }

  /** Removes what killed writers left, and finishes or undoes what they had begun. */
  void sweep() throws IOException {
    Files.createDirectories(checkpoints.directory());
    for (Path left : members(run, WholeFile.TEMPORARY)) {
      Durable.delete(left);
    }
    for (Path left : members(checkpoints.directory(), WholeFile.TEMPORARY)) {
      Durable.delete(left);
    }
    for (Path left : members(checkpoints.directory(), ASIDE)) {
      String step = left.getFileName().toString().substring(ASIDE.length());
      Path place = checkpoints.directory().resolve(step);
      if (Files.exists(place)) {
        Durable.delete(left);
      } else {
        WholeFile.move(left, place);
      }
    }
  }

  private static List<Path> members(Path directory, String prefix) throws IOException {
    List<Path> members = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path member : all) {
        if (member.getFileName().toString().startsWith(prefix)) {
          members.add(member);
        }
      }
    }
    return members;
  }

  void save(long step, Map<String, Object> facts, boolean best, CheckpointBody body)
      throws IOException {
    Path fresh = temporary(step);
    try {
      Durable.delete(fresh);
      Files.createDirectories(fresh);
      body.write(fresh);
      progress.accept(Phase.BODY_WRITTEN);
      CheckpointFiles.seal(fresh, step, facts);
      CheckpointFiles.sync(fresh);
    } catch (IOException | RuntimeException e) {
      discard(fresh, e);
      throw e;
    }
    progress.accept(Phase.ON_DISK);
    put(fresh, step);
    point(Checkpoints.LATEST, step, Phase.LATEST_POINTS);
    if (best) {
      point(Checkpoints.BEST, step, Phase.BEST_POINTS);
    }
    prune(step);
    progress.accept(Phase.DONE);
  }

  private static void discard(Path fresh, Exception cause) {
    try {
      Durable.delete(fresh);
    } catch (IOException e) {
      cause.addSuppressed(e); // The next writer sweeps it.
    }
  }

  private void put(Path fresh, long step) throws IOException {
    Path place = checkpoints.path(step);
    Path aside = checkpoints.directory().resolve(ASIDE + step);
    if (Files.exists(place)) {
      WholeFile.move(place, aside);
      progress.accept(Phase.OLD_ASIDE);
    }
    WholeFile.move(fresh, place);
    progress.accept(Phase.IN_PLACE);
    Durable.delete(aside);
  }

  private void point(String name, long step, Phase phase) throws IOException {
    WholeFile.write(run.resolve(name), "steps/" + step + "\n");
    progress.accept(phase);
  }

  /** Deletes what is neither best nor among the newest up to this step. Later steps are left. */
  private void prune(long step) throws IOException {
    List<Long> upToHere = checkpoints.steps().stream().filter(other -> other <= step).toList();
    OptionalLong best = checkpoints.pointer(Checkpoints.BEST);
    for (long old : upToHere.subList(0, Math.max(0, upToHere.size() - keep))) {
      if (best.isEmpty() || best.getAsLong() != old) {
        Path aside = temporary(old);
        WholeFile.move(checkpoints.path(old), aside);
        progress.accept(Phase.PRUNED_ASIDE);
        Durable.delete(aside);
      }
    }
  }

  private Path temporary(long step) {
    return checkpoints
        .directory()
        .resolve(WholeFile.TEMPORARY + step + "-" + ProcessHandle.current().pid());
  }
}
