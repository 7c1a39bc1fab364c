package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vnca.base.fault.Hint;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.experiment.ExperimentWriter;

/** A run's directory: enough to go on with the run, to evaluate, draw and compare it. */
public final class RunDirectory {
  static final String EXPERIMENT = "experiment.yaml";
  static final String MANIFEST = "manifest.json";
  static final String STATE = "state.json";
  static final String LOCK = "lock";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes the directory of a new run, named after the experiment and the local time of its start,
   * or else at the place that is wanted. Of several processes that want one place, one gets it.
   *
   * @param parent where runs live
   * @param wanted the run's own directory, absent or empty; null for a name under {@code parent}
   * @throws RunException if {@code wanted} holds anything, another process is making a run there,
   *     or nothing can be written there
   */
  public static RunDirectory create(
      Path parent, Path wanted, Experiment experiment, Manifest manifest) {
    try {
      Path path = wanted == null ? fresh(parent, experiment, manifest) : empty(wanted);
      ProcessLock lock = lockOfMaker(path);
      try (lock) {
        requireEmpty(path);
        // First, so that what a killed process leaves is known for its own, whatever else is there.
        Durable.replaceJson(
            path.resolve(STATE), RunState.now(RunState.Phase.CREATED, "not trained yet"));
        WholeFile.write(path.resolve(EXPERIMENT), ExperimentWriter.toYaml(experiment));
        RunDigest.write(new RunDirectory(path));
        Durable.replaceJson(path.resolve(MANIFEST), manifest.seenFrom(path));
      }
      return new RunDirectory(path);
    } catch (IOException e) {
      throw new RunException(
          "no run can be made in %s: %s".formatted(wanted == null ? parent : wanted, Reason.of(e)),
          e);
    }
  }

  private static Path fresh(Path parent, Experiment experiment, Manifest manifest)
      throws IOException {
    Files.createDirectories(parent);
    String name =
        experiment.name()
            + "-"
            + TIME.format(Instant.parse(manifest.started()).atZone(ZoneId.systemDefault()));
    Path path = parent.resolve(name);
    for (int copy = 2; !made(path); copy++) {
      path = parent.resolve(name + "-" + copy);
    }
    return path;
  }

  /** Makes a directory, unless its name is taken. */
  private static boolean made(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static Path empty(Path wanted) throws IOException {
    if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
      throw new RunException(wanted + " is not a directory");
    }
    Files.createDirectories(wanted);
    if (!UnbornRun.clear(wanted)) {
      throw beingMade(wanted);
    }
    requireEmpty(wanted);
    return wanted;
  }

  private static void requireEmpty(Path wanted) {
    if (!UnbornRun.isEmpty(wanted)) {
      throw new RunException(
          missing(wanted).isEmpty()
              ? "%s is a run already; go on with it (%s) or name another directory"
                  .formatted(wanted, Hint.command("resume %s", wanted))
              : wanted + " is not empty; name another directory");
    }
  }

  private static RunException beingMade(Path path) {
    return new RunException(
        path + " is being made a run by another process; name another directory");
  }

  private static ProcessLock lockOfMaker(Path path) throws IOException {
    return ProcessLock.take(path.resolve(LOCK)).orElseThrow(() -> beingMade(path));
  }

  /**
   * Opens the directory of a run.
   *
   * @throws RunException if it is not one; the message names what is missing
   */
  public static RunDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new RunException("there is no run " + path + ": no such directory");
    }
    List<String> missing = missing(path);
    if (!missing.isEmpty()) {
      throw new RunException(path + " is not a run: it has no " + String.join(" and no ", missing));
    }
    return new RunDirectory(path);
  }

  /** Whether a directory is a run, and so can be opened. */
  public static boolean isRun(Path path) {
    return Files.isDirectory(path) && missing(path).isEmpty();
  }

  /** Which of the files are not there that every run has. */
  static List<String> missing(Path path) {
    List<String> missing = new ArrayList<>(List.of(EXPERIMENT, MANIFEST));
    missing.removeIf(name -> Files.isRegularFile(path.resolve(name)));
    return missing;
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** The directory's own name. */
  public String name() {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /**
   * The descriptor as resolved.
   *
   * @throws ExperimentException if it was changed to an invalid one
   * @throws RunException if it has parts of a jar that is not on the class path
   */
  public Experiment experiment() {
    try {
      return ExperimentReader.read(experimentFile());
    } catch (ExperimentException e) {
      RunJars.explain(this);
      throw e;
    }
  }

  /** The descriptor as resolved, as a file: overrides can be put on it. */
  public Path experimentFile() {
    return path.resolve(EXPERIMENT);
  }

  /**
   * Where the run comes from.
   *
   * @throws RunException if the file is damaged
   */
  public Manifest manifest() {
    return json(MANIFEST, Manifest.class, "put back a copy: it says where the run comes from");
  }

  /**
   * Which process writes the run, or how it ended. A state that says running although no process
   * has the run's lock is returned as killed.
   *
   * @throws RunException if the file is damaged
   */
  public RunState state() {
    if (!Files.exists(path.resolve(STATE))) {
      return RunState.now(RunState.Phase.CREATED, "its state was not recorded");
    }
    RunState state =
        json(
            STATE, RunState.class, "delete it: it only says how the run ended, and resume goes on");
    try {
      boolean gone =
          state.phase() == RunState.Phase.RUNNING
              && !state.runningHere()
              && ProcessLock.isFree(path.resolve(LOCK));
      return gone ? state.killed() : state;
    } catch (IOException e) {
      throw new RunException(path.resolve(LOCK) + " cannot be read: " + Reason.of(e), e);
    }
  }

  private <T> T json(String name, Class<T> type, String help) {
    Path file = path.resolve(name);
    try {
      return Durable.readJson(file, type);
    } catch (IOException e) {
      throw new RunException("%s cannot be read: %s; %s".formatted(file, Reason.of(e), help), e);
    }
  }

  /** The checkpoints, for reading. */
  public Checkpoints checkpoints() {
    return new Checkpoints(path);
  }

  /** Where the training's event files go. */
  public Path eventsTrain() {
    return path.resolve("events").resolve("train");
  }

  /** Where the validation's event files go. */
  public Path eventsValidation() {
    return path.resolve("events").resolve("validation");
  }

  /** The metrics: read by {@link MetricsLog#read}. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** Where results of evaluations go, a JSON file each. */
  public Path evaluation() {
    return path.resolve("evaluation");
  }

  /**
   * Whether there is the result of an evaluation.
   *
   * @throws RunException if one is there that cannot be read
   */
  public boolean evaluated() {
    return Summaries.evaluation(evaluation()).isPresent();
  }

  /**
   * Writes the result of an evaluation, whole or not at all; one of the same name is replaced.
   *
   * @param name of the file in {@link #evaluation()}, without ending
   * @param result a record of numbers and texts
   * @throws RunException if it cannot be written
   */
  public void writeEvaluation(String name, Object result) {
    Path file = evaluation().resolve(name + ".json");
    try {
      Files.createDirectories(evaluation());
      Durable.replaceJson(file, result);
    } catch (IOException e) {
      throw new RunException(file + " cannot be written: " + Reason.of(e), e);
    }
  }

  /** Where figures go. */
  public Path figures() {
    return path.resolve("figures");
  }

  /**
   * Takes the right to write the run, and tidies what a killed writer left.
   *
   * @throws RunException if another process is writing it; the message names that process
   */
  public RunWriter write() {
    return RunWriter.open(this);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
