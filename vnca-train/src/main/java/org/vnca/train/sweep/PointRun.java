package org.vnca.train.sweep;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.experiment.Settings;
import org.vnca.train.experiment.SweepPoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunState;
import org.vnca.train.run.UnbornRun;

/**
 * A point and the place of its run.
 *
 * @param point the point
 * @param path the run's directory, which may not be there yet
 */
public record PointRun(SweepPoint point, Path path) {
  /** The run, if it is there. */
  public Optional<RunDirectory> run() {
    return RunDirectory.isRun(path) ? Optional.of(RunDirectory.open(path)) : Optional.empty();
  }

  /** Where it stands, in a word; {@code damaged} if a file of the run cannot be read. */
  public String shown() {
    try {
      return state().name().toLowerCase(Locale.ROOT);
    } catch (RunException | ExperimentException e) {
      return "damaged";
    }
  }

  /**
   * Where it stands.
   *
   * @throws RunException if a file of the run is damaged
   * @throws ExperimentException if its descriptor is
   */
  PointState state() {
    return run().map(this::state).orElse(PointState.MISSING);
  }

  private PointState state(RunDirectory run) {
    run.experiment();
    run.manifest();
    RunState.Phase phase = run.state().phase();
    if (phase == RunState.Phase.RUNNING) {
      return PointState.RUNNING;
    }
    boolean measured = !point.experiment().evaluation().afterTraining() || run.evaluated();
    return phase == RunState.Phase.FINISHED && measured
        ? PointState.FINISHED
        : PointState.UNFINISHED;
  }

  /** Which process writes the run, or did so last. */
  String writer() {
    return run()
        .map(RunDirectory::state)
        .map(state -> "process %d since %s".formatted(state.writer().pid(), state.since()))
        .orElse("another process");
  }

  /**
   * Refuses a place that holds anything else than this point's run. A run whose descriptor is
   * damaged is not: that is said when its turn comes, and keeps no other from it.
   *
   * @throws RunException if it does; the message names the first setting that differs
   */
  void requireOwn() {
    Optional<RunDirectory> run = run();
    if (run.isPresent()) {
      readable(run.get()).ifPresent(this::requireSame);
    } else if (!UnbornRun.isAt(path) && run().isEmpty()) {
      // Asked again, since another process may have made the run in between.
      throw new RunException(
          "%s is in the way: it is no run of this sweep; move it, or name another directory"
              .formatted(path));
    }
  }

  private static Optional<Experiment> readable(RunDirectory run) {
    try {
      return Optional.of(run.experiment());
    } catch (ExperimentException e) {
      return Optional.empty();
    }
  }

  private void requireSame(Experiment found) {
    if (found.equals(point.experiment())) {
      return;
    }
    Map<String, Object> there = Settings.flatten(found);
    Map<String, Object> here = Settings.flatten(point.experiment());
    TreeMap<String, Object> all = new TreeMap<>(there);
    all.putAll(here);
    String key =
        all.keySet().stream()
            .filter(name -> !Objects.equals(there.get(name), here.get(name)))
            .findFirst()
            .orElseThrow();
    throw new RunException(
        "%s has %s %s, but the sweep now says %s; give the sweep another name or directory, or move that run away"
            .formatted(path, key, there.get(key), here.get(key)));
  }
}
