package org.vnca.cli.train;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.vnca.base.kind.Jar;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Program;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.ImageDataset;
import org.vnca.data.fault.DatasetException;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.Sweep;
import org.vnca.train.experiment.SweepPoint;
import org.vnca.train.experiment.SweepReader;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunListing;
import org.vnca.train.sweep.PointResult;
import org.vnca.train.sweep.SeedMean;
import org.vnca.train.sweep.SweepDirectory;
import org.vnca.train.sweep.SweepRunner;
import org.vnca.train.trainer.Models;

/** Trains a grid of experiments. */
public final class SweepCommand implements Command {
  private static final String DIR = "dir";
  private static final String JOBS = "jobs";
  private static final String ONLY = "only";
  private static final String PRINT = "print";
  private static final String IMAGE = "image";
  private static final String LIST = "list";

  @Override
  public Usage usage() {
    return new Usage(
        "sweep",
        List.of("SWEEP"),
        "train a grid of experiments, a run for each combination of values",
        List.of(
            "SWEEP is a YAML file with the keys name, experiment (a descriptor, relative to SWEEP),"
                + " set (dotted keys with values, for all points) and grid (dotted keys with lists"
                + " of values; every combination is a point). seed: [1, 2, 3] in the grid repeats"
                + " all others with other random draws: their mean and its standard error are in"
                + " the answer. All points are checked before the first one runs.",
            "A point's run is DIR/KEY=VALUE,... and is trained by a process of its own, whose"
                + " output goes to DIR/logs/. The same command again goes on: finished runs are"
                + " left as they are, stopped, killed and failed ones are resumed, missing ones are"
                + " started. New values in the grid are new runs; a run whose settings are not"
                + " those of its point any more is refused. If one fails, the others are run all"
                + " the same, and the exit status is 1. Several sweeps may work on DIR at a time,"
                + " on one machine or on some that share a file system with locks: a point that one"
                + " has taken is left to it.",
            "With --jobs, each process uses train.threads of its own, by default all cores. The"
                + " number changes the last bits of a result, so it is left as it is: set it below"
                + " set.",
            "Ctrl-C stops all processes after a checkpoint, says how to go on, and exits 130."),
        List.of(
            Flag.valued(DIR, "DIR", "the directory of the sweep's runs; default: checkpoints/NAME"),
            Flag.valued(
                JOBS, "N", "how many points run at a time; default: 1, and with --print all"),
            Flag.valued(ONLY, "INDEX", "run one point alone, by its number from 0, output shown"),
            Flag.of(LIST, "list the points, their numbers and results, and run nothing"),
            Flag.valued(
                PRINT,
                "KIND",
                "run nothing; print a job array for slurm or kubernetes, a task for each point, at"
                    + " most --jobs at a time; one for slurm has absolute paths and may be"
                    + " submitted anywhere; all is checked as for a run, but a dataset that is not"
                    + " on this machine is a warning only"),
            Flag.valued(IMAGE, "IMAGE", "the container's image in what --print kubernetes prints")),
        List.of(
            "sweep experiments/sweeps/learning-rate.yaml",
            "sweep experiments/sweeps/learning-rate.yaml --jobs 2 --json",
            "sweep experiments/sweeps/learning-rate.yaml --print slurm > job.sh"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    int jobs = words.whole(JOBS, 1).orElse(0);
    requireOneTask(words);
    Sweep sweep = SweepReader.read(words.path(0));
    Path path = words.pathOf(DIR).orElseGet(() -> TrainCommand.RUNS.resolve(sweep.name()));
    SweepDirectory directory = SweepDirectory.of(sweep, path);
    if (words.has(PRINT)) {
      directory.requireOwn();
      requireData(sweep, absent(sweep, console));
      return print(sweep, jobs, words, console);
    }
    if (words.has(LIST)) {
      directory.requireOwn();
      answer(directory, List.of(), console, new SweepText(directory.runs()).points() + "\n\n");
      return DONE;
    }
    int only = words.whole(ONLY, 0).orElse(-1);
    if (only >= sweep.points().size()) {
      throw words.wrong(ONLY, "must be at most " + (sweep.points().size() - 1));
    }
    // A task of a job array looks at its own place only: its neighbours are at work in theirs.
    SweepDirectory shown = only >= 0 ? directory.only(only) : directory;
    shown.requireOwn();
    requireData(sweep, Set.of());
    SweepRunner runner = new SweepRunner(directory, new ChildProgram(), console.watch());
    List<PointResult> results =
        only >= 0 ? List.of(runner.only(only)) : runner.all(Math.max(1, jobs));
    answer(shown, results, console, "");
    return ended(results, words, console);
  }

  private static void requireOneTask(Words words) {
    words.choice(PRINT, List.of(ArrayJob.SLURM, ArrayJob.KUBERNETES));
    List<String> tasks = new ArrayList<>(List.of(ONLY, LIST, PRINT));
    tasks.removeIf(task -> !words.has(task));
    if (tasks.size() > 1) {
      throw words.fault("--%s and --%s do not go together".formatted(tasks.get(0), tasks.get(1)));
    }
    if (words.has(JOBS) && (words.has(ONLY) || words.has(LIST))) {
      throw words.fault("--%s and --%s do not go together".formatted(JOBS, tasks.get(0)));
    }
    boolean kubernetes = words.text(PRINT).filter(ArrayJob.KUBERNETES::equals).isPresent();
    if (words.has(IMAGE) && !kubernetes) {
      throw words.fault("--image goes with --print kubernetes only");
    }
  }

  /** The datasets that are not on this machine, each with a warning. */
  private static Set<String> absent(Sweep sweep, Console console) {
    Set<String> absent = new LinkedHashSet<>();
    for (SweepPoint point : sweep.points()) {
      String file = point.experiment().data().file();
      if (!ImageDataset.isThere(file) && absent.add(file)) {
        console
            .err()
            .println(
                "vnca: warning: dataset %s does not exist here, so nothing was held against it; it must be where the job runs (first at point %d, %s)"
                    .formatted(file, point.index(), point.name()));
      }
    }
    return absent;
  }

  /**
   * Refuses data that are not there or do not suit a model, once for each pair of both.
   *
   * @param absent datasets that nothing is held against
   */
  private static void requireData(Sweep sweep, Set<String> absent) {
    Set<Object> seen = new HashSet<>();
    for (SweepPoint point : sweep.points()) {
      var experiment = point.experiment();
      if (absent.contains(experiment.data().file())) {
        continue;
      }
      if (!seen.add(
          List.of(
              experiment.data(),
              experiment.model(),
              experiment.train().pool(),
              experiment.evaluation()))) {
        continue;
      }
      try {
        Models.requireFits(experiment);
      } catch (DatasetException e) {
        throw SweepReader.fault(sweep, point, "data.file", "data.file: " + e.getMessage());
      } catch (InvalidSetting e) {
        throw SweepReader.fault(sweep, point, e.setting(), e.getMessage());
      }
    }
  }

  private static int print(Sweep sweep, int jobs, Words words, Console console) {
    String kind = words.text(PRINT).orElseThrow();
    boolean slurm = kind.equals(ArrayJob.SLURM);
    // A cluster's machines have these files where they are; a container has them in its volume.
    UnaryOperator<Path> place =
        slurm
            ? path -> path.toAbsolutePath().normalize()
            : path -> ArrayJob.inVolume(path, Path.of("").toAbsolutePath());
    String program = slurm ? Program.launcher().toString() : ArrayJob.IN_IMAGE;
    if (!slurm) {
      requireDataInVolume(sweep);
    }
    List<String> line =
        new ArrayList<>(List.of(program, "sweep", place.apply(words.path(0)).toString()));
    words
        .pathOf(DIR)
        .ifPresent(path -> line.addAll(List.of("--" + DIR, place.apply(path).toString())));
    String jars =
        Jar.given().stream()
            .map(jar -> slurm ? jar.file() : jarInVolume(jar))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    ArrayJob job = new ArrayJob(sweep.name(), sweep.points().size(), jobs, line, jars);
    if (kind.equals(ArrayJob.SLURM) && job.arrays().size() > 1) {
      console
          .err()
          .println(
              "vnca: %d points are too many for one array of Slurm's; submit the script as its first lines say"
                  .formatted(sweep.points().size()));
    }
    String script =
        kind.equals(ArrayJob.SLURM)
            ? job.slurm(Path.of("").toAbsolutePath())
            : job.kubernetes(words.text(IMAGE).orElse(ArrayJob.IMAGE));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", kind);
    fields.put("points", sweep.points().size());
    fields.put("script", script + "\n");
    console.answer(fields, script);
    return DONE;
  }

  /** A jar of this machine is not in a pod unless it lies in the volume. */
  private static Path jarInVolume(Jar jar) {
    Path volume = Path.of("").toAbsolutePath();
    if (!jar.file().startsWith(volume)) {
      throw new RunException(
          "%s of %s lies outside of %s, and pods see only what is in their volume; copy the jar into that directory, and name the copy"
              .formatted(jar.file(), Jar.VARIABLE, volume));
    }
    return volume.relativize(jar.file());
  }

  /** A pod would look for a dataset at a place of this machine, and find none. */
  private static void requireDataInVolume(Sweep sweep) {
    for (SweepPoint point : sweep.points()) {
      String file = point.experiment().data().file();
      if (!file.startsWith("embedded:") && Path.of(file).isAbsolute()) {
        throw SweepReader.fault(
            sweep,
            point,
            "data.file",
            "data.file: %s is a place of this machine, which pods do not have; write it relative to the volume's directory"
                .formatted(file));
      }
    }
  }

  /** Answers with what is on disk, and what became of the points that were run. */
  private static void answer(
      SweepDirectory directory, List<PointResult> results, Console console, String before) {
    RunListing listing = directory.listing();
    List<SeedMean> means = SeedMean.of(directory.runs());
    List<String> strangers = directory.strangers();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sweep", directory.sweep().name());
    fields.put("experiment", directory.sweep().experiment());
    fields.put("directory", directory.path());
    fields.put("points", points(directory));
    fields.put("results", results);
    fields.put("listing", listing);
    fields.put("means", means);
    fields.put("strangers", strangers);
    String text =
        new SweepText(directory.runs())
            .results(listing, means, Integer.getInteger(RunsCommand.COLUMNS, 0));
    console.answer(fields, before + text + "\n" + directory.path());
    if (!console.json()) {
      listing.unreadable().forEach(line -> console.err().println("not listed: " + line));
    }
    if (!console.json() && !strangers.isEmpty()) {
      console
          .err()
          .println("of no point of the grid, and not listed: " + String.join(" ", strangers));
    }
  }

  private static List<Map<String, Object>> points(SweepDirectory directory) {
    List<Map<String, Object>> points = new ArrayList<>();
    directory
        .runs()
        .forEach(
            run -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("index", run.point().index());
              fields.put("name", run.point().name());
              fields.put("run", run.path());
              fields.put("values", run.point().values());
              fields.put("state", run.shown());
              points.add(fields);
            });
    return points;
  }

  /** Says what is left to do, and how. */
  private static int ended(List<PointResult> results, Words words, Console console) {
    long done = results.stream().filter(PointResult::done).count();
    if (done == results.size()) {
      return DONE;
    }
    StringBuilder line =
        new StringBuilder("vnca: %d of %d points are finished".formatted(done, results.size()));
    with(PointResult.Ending.FAILED, results)
        .ifPresent(
            first ->
                line.append(
                    "; %d failed, first %s: %s (%s)"
                        .formatted(
                            count(first, results), first.name(), first.fault(), first.log())));
    with(PointResult.Ending.ELSEWHERE, results)
        .ifPresent(
            first ->
                line.append(
                    "; %d left to others, first %s: %s"
                        .formatted(count(first, results), first.name(), first.fault())));
    long stopped = results.stream().filter(PointResult::stopped).count();
    if (stopped > 0) {
      line.append("; %d stopped or not begun".formatted(stopped));
    }
    line.append("; go on with: ").append(ArrayJob.shell(words.all()));
    console.err().println(line.toString().replaceAll("\\s+", " "));
    return console.stop().requested() ? STOPPED : FAILED;
  }

  private static Optional<PointResult> with(PointResult.Ending ending, List<PointResult> results) {
    return results.stream().filter(result -> result.ending() == ending).findFirst();
  }

  /** How many ended as this one did. */
  private static long count(PointResult first, List<PointResult> results) {
    return results.stream().filter(result -> result.ending() == first.ending()).count();
  }
}
