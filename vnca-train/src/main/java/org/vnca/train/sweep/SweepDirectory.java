package org.vnca.train.sweep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.ExperimentWriter;
import org.vnca.train.experiment.Sweep;
import org.vnca.train.experiment.SweepPoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunListing;

/** The directory of a sweep's runs. */
public final class SweepDirectory {
  private final Sweep sweep;
  private final Path path;
  private final List<PointRun> runs;

  private SweepDirectory(Sweep sweep, Path path, List<PointRun> runs) {
    this.sweep = sweep;
    this.path = path;
    this.runs = List.copyOf(runs);
  }

  /**
   * Looks at a directory, and writes nothing.
   *
   * @param path where the sweep's runs are or shall be
   * @throws RunException if something else is there: a file, or a run
   */
  public static SweepDirectory of(Sweep sweep, Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new RunException(path + " is not a directory; name another one for the sweep");
    }
    if (RunDirectory.isRun(path)) {
      throw new RunException(path + " is a run; name another directory for the sweep");
    }
    List<PointRun> runs =
        sweep.points().stream()
            .map(point -> new PointRun(point, path.resolve(point.name())))
            .toList();
    return new SweepDirectory(sweep, path, runs);
  }

  /**
   * The same with one point's run only.
   *
   * @param index the point's
   */
  public SweepDirectory only(int index) {
    return new SweepDirectory(sweep, path, List.of(runs.get(index)));
  }

  /**
   * Refuses what lies in the places of its runs and is not theirs.
   *
   * @return this
   * @throws RunException if it finds any: a run of other settings, or something else
   */
  public SweepDirectory requireOwn() {
    runs.forEach(PointRun::requireOwn);
    return this;
  }

  /** The sweep. */
  public Sweep sweep() {
    return sweep;
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Each point's run, in the order of the points. */
  public List<PointRun> runs() {
    return runs;
  }

  /** The runs that are there, in the order of the points; damaged ones are told apart. */
  public RunListing listing() {
    return RunListing.readable(runs.stream().flatMap(run -> run.run().stream()).toList());
  }

  /** Names of runs in the directory that belong to no point of the grid as it is now. */
  public List<String> strangers() {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    Set<String> own = sweep.points().stream().map(SweepPoint::name).collect(Collectors.toSet());
    List<String> others = new ArrayList<>();
    try (DirectoryStream<Path> members = Files.newDirectoryStream(path, RunDirectory::isRun)) {
      for (Path member : members) {
        others.add(member.getFileName().toString());
      }
    } catch (IOException e) {
      throw new RunException(path + " cannot be read: " + Reason.of(e), e);
    }
    others.removeAll(own);
    Collections.sort(others);
    return others;
  }

  /** What a point's processes print. */
  public Path log(SweepPoint point) {
    return path.resolve("logs").resolve(point.name() + ".log");
  }

  /** What the process locks that brings a point on. */
  Path claim(SweepPoint point) {
    return path.resolve("locks").resolve(point.name());
  }

  /** Writes the descriptor that a point's run starts from, so that no later edit reaches it. */
  Path writeDescriptor(SweepPoint point) throws IOException {
    Path file = path.resolve("points").resolve(point.name() + ".yaml");
    Files.createDirectories(file.getParent());
    String settings =
        point.values().entrySet().stream()
            .map(value -> value.getKey() + "=" + value.getValue())
            .collect(Collectors.joining(", "));
    Files.writeString(
        file,
        "# Point %d of %s, which takes %s with %s\n%s"
            .formatted(
                point.index(),
                oneLine(sweep.file()),
                oneLine(sweep.experiment()),
                settings.replaceAll("\\s+", " "),
                ExperimentWriter.toYaml(point.experiment())));
    return file;
  }

  private static String oneLine(Path file) {
    return file.toString().replaceAll("\\s+", " ");
  }
}
