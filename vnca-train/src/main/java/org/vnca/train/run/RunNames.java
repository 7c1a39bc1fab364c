package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.Nearest;

/**
 * Runs by less than their whole path: the beginning of a name that no other run has, or {@code
 * last} for the one that was written last.
 */
public final class RunNames {
  /** Where runs live, unless something else is said. */
  public static final Path RUNS = Path.of("checkpoints");

  /** What stands for the run that was written last. */
  public static final String LAST = "last";

  private static final int SHOWN = 5;

  private RunNames() {}

  /**
   * The run that is meant.
   *
   * @param given a run's directory; the beginning of one's path; the beginning of a name among
   *     {@code runs}; or {@value #LAST}
   * @return {@code given} itself if it is there, whatever it is
   * @throws RunException if there is no such run, or there are several
   */
  public static Path resolve(Path given, Path runs) {
    if (Files.exists(given)) {
      return given;
    }
    Path parent = given.getParent();
    String name = given.getFileName() == null ? "" : given.getFileName().toString();
    List<Path> known = runs(parent == null ? runs : parent);
    if (name.equals(LAST)) {
      return known.stream()
          .max(Comparator.comparing(RunNames::written).thenComparing(Comparator.naturalOrder()))
          .orElseThrow(() -> none(given, known));
    }
    List<Path> fitting =
        known.stream().filter(run -> run.getFileName().toString().startsWith(name)).toList();
    if (fitting.size() > 1) {
      throw new RunException(
          "%s begins the names of %d runs: %s; give more of it"
              .formatted(given, fitting.size(), listed(fitting)));
    }
    return fitting.stream().findFirst().orElseThrow(() -> none(given, known));
  }

  private static RunException none(Path given, List<Path> known) {
    Optional<String> near =
        Nearest.to(given.toString(), known.stream().flatMap(run -> names(run)).toList());
    String instead =
        near.map(name -> "; did you mean " + name + "?")
            .orElse(known.isEmpty() ? "" : "; there are " + listed(known));
    return new RunException("there is no run %s: no such directory%s".formatted(given, instead));
  }

  private static Stream<String> names(Path run) {
    return Stream.of(run.toString(), run.getFileName().toString());
  }

  /** Newest first, since those are meant the most often. */
  private static String listed(List<Path> runs) {
    return runs.stream()
            .sorted(Comparator.comparing(RunNames::written).reversed())
            .limit(SHOWN)
            .map(Path::toString)
            .collect(Collectors.joining(", "))
        + (runs.size() > SHOWN ? ", ..." : "");
  }

  private static List<Path> runs(Path directory) {
    List<Path> runs = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return runs;
    }
    try (DirectoryStream<Path> members = Files.newDirectoryStream(directory, RunDirectory::isRun)) {
      members.forEach(runs::add);
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      throw unreadable(directory, e.getCause());
    }
    return runs;
  }

  private static RunException unreadable(Path directory, IOException e) {
    return new RunException("%s cannot be read: %s".formatted(directory, Reason.of(e)), e);
  }

  /** When a run was begun, went on or ended. */
  private static FileTime written(Path run) {
    try {
      Path state = run.resolve(RunDirectory.STATE);
      return Files.getLastModifiedTime(Files.exists(state) ? state : run);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
