package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.experiment.Settings;

/**
 * The runs in a directory.
 *
 * @param runs by name, unless sorted otherwise
 * @param differing dotted keys of the settings that are not the same in all of them; the
 *     experiment's name and how often something is reported or saved are not counted
 * @param unreadable runs that cannot be listed, a line each that says why
 */
public record RunListing(List<RunSummary> runs, List<String> differing, List<String> unreadable) {
  /** Settings of what is reported and kept: they change no result of a run. */
  private static final List<String> NOTED =
      List.of("train.report.", "train.images.", "train.checkpoint.");

  public RunListing {
    runs = List.copyOf(runs);
    differing = List.copyOf(differing);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Lists the runs in a directory. What is not a run is passed over.
   *
   * @throws RunException if the directory is not there or cannot be read
   */
  public static RunListing of(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new RunException("there are no runs in " + directory + ": no such directory");
    }
    return readable(
        directories(directory).parallelStream()
            .filter(member -> RunDirectory.missing(member).isEmpty())
            .map(RunDirectory::open)
            .toList());
  }

  /**
   * The directories in a directory that hold runs, such as those of sweeps, by name.
   *
   * @throws RunException if one cannot be read
   */
  public static List<Path> below(Path directory) {
    return directories(directory).stream()
        .filter(Files::isReadable)
        .filter(
            member ->
                directories(member).stream().anyMatch(run -> RunDirectory.missing(run).isEmpty()))
        .toList();
  }

  private static List<Path> directories(Path directory) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> members = Files.newDirectoryStream(directory, Files::isDirectory)) {
      members.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw unreadable(directory, e.getCause());
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
    return found.stream().sorted().toList();
  }

  private static RunException unreadable(Path directory, IOException e) {
    return new RunException("%s cannot be read: %s".formatted(directory, Reason.of(e)), e);
  }

  /**
   * Lists chosen runs, in the order given.
   *
   * @throws RunException if one is no run or cannot be read
   */
  public static RunListing of(List<RunDirectory> chosen) {
    List<RunSummary> runs = chosen.parallelStream().map(Summaries::of).toList();
    return new RunListing(runs, differing(runs), List.of());
  }

  /** Lists chosen runs in the order given, without those that cannot be read. */
  public static RunListing readable(List<RunDirectory> chosen) {
    List<Read> read = chosen.parallelStream().map(Read::of).toList();
    List<RunSummary> runs = read.stream().flatMap(each -> each.run().stream()).toList();
    List<String> faults = read.stream().flatMap(each -> each.fault().stream()).toList();
    return new RunListing(runs, differing(runs), faults);
  }

  /** A run, or why it cannot be read. */
  private record Read(Optional<RunSummary> run, Optional<String> fault) {
    static Read of(RunDirectory run) {
      try {
        return new Read(Optional.of(Summaries.of(run)), Optional.empty());
      } catch (RunException | ExperimentException e) {
        return new Read(Optional.empty(), Optional.of(e.getMessage()));
      }
    }
  }

  private static List<String> differing(List<RunSummary> runs) {
    return Settings.differing(runs.stream().map(RunSummary::settings).toList()).stream()
        .filter(key -> !key.equals("name") && NOTED.stream().noneMatch(key::startsWith))
        .toList();
  }

  /** The same listing without some runs; what differs is counted anew. */
  public RunListing only(Predicate<RunSummary> wanted) {
    List<RunSummary> some = runs.stream().filter(wanted).toList();
    return new RunListing(some, differing(some), unreadable);
  }

  /**
   * Checks that there is a column.
   *
   * @param column as in {@link RunSummary#value}
   * @throws RunException if no run has it
   */
  public void requireColumn(String column) {
    boolean known =
        RunSummary.COLUMNS.contains(column)
            || runs.stream().anyMatch(run -> run.settings().containsKey(column));
    if (!known && !runs.isEmpty()) {
      throw new RunException(
          "runs have no column %s; they have %s and the dotted keys of their settings"
              .formatted(column, String.join(", ", RunSummary.COLUMNS)));
    }
  }

  /**
   * The same runs by ascending value of a column: numbers by size, others as text, runs without a
   * value last, equal ones as before.
   *
   * @param column as in {@link RunSummary#value}
   * @throws RunException if no run has such a column
   */
  public RunListing sortedBy(String column) {
    requireColumn(column);
    Comparator<RunSummary> order =
        Comparator.comparing(run -> run.value(column), RunListing::compare);
    return new RunListing(runs.stream().sorted(order).toList(), differing, unreadable);
  }

  private static int compare(Optional<Object> one, Optional<Object> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isEmpty(), other.isEmpty());
    }
    if (one.get() instanceof Number a && other.get() instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    return one.get().toString().compareTo(other.get().toString());
  }
}
