package org.vnca.train.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.experiment.SweepReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunWriter;
import org.vnca.train.sweep.PointResult.Ending;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Watch;

/** Sweeps whose processes are those of a shell, around runs that are made here. */
class SweepRunnerTest {
  @TempDir Path folder;

  private final StopSignal stop = new StopSignal();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<String> launched = Collections.synchronizedList(new ArrayList<>());
  private String grid = "{train.batch: [8, 16], seed: [1, 2]}";

  @BeforeEach
  void writeExperiment() throws IOException {
    Files.writeString(folder.resolve("x.yaml"), "name: base\n");
  }

  private SweepDirectory directory() throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.writeString(file, "name: s\nexperiment: x.yaml\ngrid: " + grid + "\n");
    return SweepDirectory.of(SweepReader.read(file), folder.resolve("runs")).requireOwn();
  }

  private Watch watch() {
    return new Watch(true, new PrintStream(said, true, StandardCharsets.UTF_8), stop);
  }

  private SweepRunner runner(Launcher launcher) throws IOException {
    return new SweepRunner(directory(), launcher, watch());
  }

  private static Process shell(String script, Path log) throws IOException {
    return new ProcessBuilder("sh", "-c", script)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Makes the run that is asked for, finished, with a bound that follows from its settings. */
  private Process trains(List<String> words, Path log) throws IOException {
    launched.add(String.join(" ", words));
    if (words.get(0).equals("train")) {
      finish(create(words));
    }
    return shell("exit 0", log);
  }

  private static RunDirectory create(List<String> words) {
    return RunDirectory.create(
        null,
        Path.of(words.get(3)),
        ExperimentReader.read(Path.of(words.get(1))),
        Manifest.here(Path.of(".")));
  }

  private static void finish(RunDirectory run) {
    var experiment = run.experiment();
    try (RunWriter writer = run.write()) {
      writer
          .metrics(-1)
          .append(
              7,
              Map.of(
                  "validationNats",
                  -10.0 * experiment.train().batch() - experiment.seed() * experiment.seed()));
      writer.finished();
    }
  }

  private List<Ending> endings(List<PointResult> results) {
    return results.stream().map(PointResult::ending).toList();
  }

  @Test
  void again_skipsWhatIsFinished_andRunsWhatIsNew() throws IOException {
    assertThat(endings(runner(this::trains).all(2))).containsOnly(Ending.FINISHED).hasSize(4);
    assertThat(launched)
        .hasSize(4)
        .contains(
            "train %1$s/points/batch=8,seed=2.yaml --run %1$s/batch=8,seed=2 --quiet"
                .formatted(folder.resolve("runs")));
    assertThat(endings(runner(this::trains).all(1))).containsOnly(Ending.SKIPPED);
    assertThat(launched).hasSize(4);
    grid = "{seed: [3, 2, 1], train.batch: [16, 8]}";
    assertThat(endings(runner(this::trains).all(1)))
        .containsExactly(
            Ending.FINISHED,
            Ending.FINISHED,
            Ending.SKIPPED,
            Ending.SKIPPED,
            Ending.SKIPPED,
            Ending.SKIPPED);
    assertThat(launched).hasSize(6);
    grid = "{train.batch: [8], seed: [1]}";
    assertThat(directory().strangers())
        .containsExactly(
            "batch=16,seed=1",
            "batch=16,seed=2",
            "batch=16,seed=3",
            "batch=8,seed=2",
            "batch=8,seed=3");
  }

  @Test
  void unfinishedRun_isResumed_andOneInAnotherProcessLeft() throws IOException {
    SweepDirectory directory = directory();
    RunDirectory stopped = create(wordsOf(directory, 0));
    stopped.write().close();
    RunDirectory running = create(wordsOf(directory, 1));
    RunWriter other = running.write();
    List<PointResult> results = runner(this::trains).all(1);
    other.close();
    assertThat(endings(results))
        .containsExactly(Ending.FINISHED, Ending.ELSEWHERE, Ending.FINISHED, Ending.FINISHED);
    assertThat(launched).first().isEqualTo("resume " + stopped.path() + " --quiet");
    assertThat(launched).noneMatch(line -> line.contains(running.name()));
  }

  @Test
  void aPointThatAnotherProcessHas_isLeftToIt_untilThatIsKilled() throws Exception {
    Path lock = folder.resolve("runs/locks/batch=8,seed=2");
    Files.createDirectories(lock.getParent());
    try (LockingProcess other = LockingProcess.of(lock)) {
      List<PointResult> results = runner(this::trains).all(2);
      assertThat(endings(results))
          .containsExactly(Ending.FINISHED, Ending.ELSEWHERE, Ending.FINISHED, Ending.FINISHED);
      assertThat(results.get(1).fault()).startsWith("process %d on ".formatted(other.pid()));
      assertThat(said.toString(StandardCharsets.UTF_8))
          .contains("batch=8,seed=2: left to process %d on ".formatted(other.pid()));
      assertThat(launched).hasSize(3).noneMatch(line -> line.contains("batch=8,seed=2"));
      other.kill();
    }
    assertThat(runner(this::trains).only(1).ending()).isEqualTo(Ending.FINISHED);
  }

  /** The first sweep's process has begun to make the run when a second sweep comes by. */
  @Test
  void ofTwoSweeps_oneTakesAPoint_andNothingOfItsIsTouched() throws IOException {
    Path begun = folder.resolve("runs/batch=8,seed=1/experiment.yaml");
    List<PointResult> second = new ArrayList<>();
    Launcher launcher =
        (words, log) -> {
          Files.createDirectories(begun.getParent());
          Files.writeString(begun.resolveSibling("state.json"), "half");
          Files.writeString(begun, "half");
          second.add(runner(this::trains).only(0));
          assertThat(begun).content().isEqualTo("half");
          Files.delete(begun);
          Files.delete(begun.resolveSibling("state.json"));
          return trains(words, log);
        };
    assertThat(runner(launcher).only(0).ending()).isEqualTo(Ending.FINISHED);
    assertThat(endings(second)).containsExactly(Ending.ELSEWHERE);
    assertThat(launched).hasSize(1);
  }

  /** A killed sweep leaves its process behind, which has no claim but the lock of its run. */
  @Test
  void aRunThatIsBeingMade_isLeftAlone_untilItsMakerIsKilled() throws Exception {
    Path run = Files.createDirectories(folder.resolve("runs/batch=8,seed=1"));
    Files.writeString(run.resolve("state.json"), "half");
    Path begun = Files.writeString(run.resolve("experiment.yaml"), "half");
    try (LockingProcess maker = LockingProcess.of(run.resolve("lock"))) {
      PointResult result = runner(this::trains).only(0);
      assertThat(result.ending()).isEqualTo(Ending.ELSEWHERE);
      assertThat(result.fault()).endsWith("making the run");
      assertThat(begun).content().isEqualTo("half");
      maker.kill();
    }
    assertThat(runner(this::trains).only(0).ending()).isEqualTo(Ending.FINISHED);
  }

  private static List<String> wordsOf(SweepDirectory directory, int index) throws IOException {
    PointRun run = directory.runs().get(index);
    Path file = directory.writeDescriptor(run.point());
    return List.of("train", file.toString(), "--run", run.path().toString());
  }

  @Test
  void aFailingPoint_keepsNoOtherFromItsTurn() throws IOException {
    Launcher launcher =
        (words, log) ->
            words.get(1).endsWith("batch=8,seed=2.yaml")
                ? shell("echo hello; echo 'vnca: no room' >&2; exit 1", log)
                : words.get(1).endsWith("batch=16,seed=1.yaml")
                    ? shell("kill -KILL $$", log)
                    : trains(words, log);
    List<PointResult> results = runner(launcher).all(2);
    assertThat(endings(results))
        .containsExactly(Ending.FINISHED, Ending.FAILED, Ending.FAILED, Ending.FINISHED);
    assertThat(results.get(1).fault()).isEqualTo("no room");
    assertThat(results.get(1).log()).content().isEqualTo("hello\nvnca: no room\n");
    assertThat(results.get(2).fault()).isEqualTo("its process ended with exit status 137");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("point 1 of 4, batch=8,seed=2: failed: no room (");
  }

  @Test
  void aDamagedRun_isToldAsAFailure_andKeepsNoOtherFromTheTable() throws IOException {
    runner(this::trains).all(1);
    List<PointRun> runs = directory().runs();
    Files.writeString(runs.get(0).path().resolve("experiment.yaml"), "name: [\n");
    Files.writeString(runs.get(2).path().resolve("manifest.json"), "{}");
    Files.writeString(runs.get(3).path().resolve("state.json"), "{");
    launched.clear();
    List<PointResult> results = runner(this::trains).all(1);
    assertThat(endings(results))
        .containsExactly(Ending.FAILED, Ending.SKIPPED, Ending.FAILED, Ending.FAILED);
    assertThat(results.get(0).fault()).contains("experiment.yaml");
    assertThat(results.get(2).fault()).contains("manifest.json");
    assertThat(results.get(3).fault()).contains("state.json");
    assertThat(launched).isEmpty();
    assertThat(runs)
        .extracting(PointRun::shown)
        .containsExactly("damaged", "finished", "damaged", "damaged");
    assertThat(directory().listing().runs()).hasSize(2);
    assertThat(directory().listing().unreadable()).hasSize(2);
    assertThat(SeedMean.of(directory().runs()))
        .allSatisfy(mean -> assertThat(mean.seeds()).hasSize(1));
  }

  @Test
  void jobs_runSideBySide() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    Launcher launcher =
        (words, log) -> {
          both.countDown();
          try {
            // Ends only once a second point has been launched.
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return trains(words, log);
        };
    assertThat(endings(runner(launcher).all(2))).containsOnly(Ending.FINISHED);
  }

  @Test
  void stop_isPassedOn_andWaitingPointsAreNotBegun() throws IOException {
    Launcher launcher =
        (words, log) -> {
          Process process = shell("trap 'echo saved; exit 143' TERM; while :; do :; done", log);
          stop.request("test");
          return process;
        };
    List<PointResult> results = runner(launcher).all(1);
    assertThat(results.get(0).ending()).isEqualTo(Ending.STOPPED);
    assertThat(endings(results.subList(1, 4))).containsOnly(Ending.WAITING);
    assertThat(results).noneMatch(PointResult::done);
  }

  @Test
  void only_runsOnePointAndShowsItsOutput() throws IOException {
    PointResult result =
        runner(
                (words, log) -> {
                  trains(words, log);
                  return shell("echo at work", log);
                })
            .only(2);
    assertThat(result.name()).isEqualTo("batch=16,seed=1");
    assertThat(result.done()).isTrue();
    assertThat(launched).hasSize(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("at work\n");
  }

  @Test
  void whatIsInTheWay_isRefused_andAKilledBeginningIsNot() throws IOException {
    runner(this::trains).only(0);
    Path run = folder.resolve("runs/batch=8,seed=1");
    Files.writeString(folder.resolve("x.yaml"), "name: base\ntrain: {steps: 5}\n");
    assertThatThrownBy(this::directory)
        .isInstanceOf(RunException.class)
        .hasMessage(
            run
                + " has train.steps 100000, but the sweep now says 5; give the sweep another name"
                + " or directory, or move that run away");
    Files.writeString(folder.resolve("x.yaml"), "name: base\n");
    Path begun = Files.createDirectories(folder.resolve("runs/batch=8,seed=2"));
    Files.writeString(begun.resolve("state.json"), "half");
    Files.writeString(begun.resolve("experiment.yaml"), "half");
    assertThat(runner(this::trains).only(1).done()).isTrue();
    Path foreign = Files.createDirectories(folder.resolve("runs/batch=16,seed=1"));
    Files.writeString(foreign.resolve("thesis.tex"), "mine");
    assertThatThrownBy(this::directory)
        .hasMessage(
            foreign
                + " is in the way: it is no run of this sweep; move it, or name another directory");
    assertThatThrownBy(() -> SweepDirectory.of(SweepReader.read(folder.resolve("s.yaml")), run))
        .hasMessage(run + " is a run; name another directory for the sweep");
  }

  @Test
  void means_areOverFinishedSeeds_ofBoundsMeasuredAlike() throws IOException {
    grid = "{train.batch: [8, 16], seed: [1, 2, 3]}";
    SweepDirectory directory = directory();
    for (int index : new int[] {0, 1}) {
      runner(this::trains).only(index);
    }
    // -81, -84: deviations of 1.5, so sqrt(4.5 / 1 / 2); two are enough.
    assertThat(SeedMean.of(directory.runs()).get(0).natsStandardError().getAsDouble())
        .isCloseTo(1.5, within(1e-9));
    for (int index : new int[] {2, 3}) {
      runner(this::trains).only(index);
    }
    create(wordsOf(directory, 4));
    List<SeedMean> means = SeedMean.of(directory.runs());
    assertThat(means).hasSize(2);
    SeedMean first = means.get(0);
    // -81, -84, -89: mean -84.667, deviations 3.667, 0.667, -4.333, squares 32.667 in all, so the
    // standard error is sqrt(32.667 / 2 / 3) = 2.3333.
    assertThat(first.values()).isEqualTo(Map.of("train.batch", 8));
    assertThat(first.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(first.nats().getAsDouble()).isCloseTo(-254.0 / 3, within(1e-9));
    assertThat(first.natsStandardError().getAsDouble()).isCloseTo(7.0 / 3, within(1e-9));
    assertThat(first.measure()).contains(new SeedMean.Measure("validation", "valid", 1000, 1));
    SeedMean second = means.get(1);
    assertThat(second.points()).isEqualTo(3);
    assertThat(second.seeds()).containsExactly(1L);
    assertThat(second.nats()).hasValue(-161);
    assertThat(second.natsStandardError()).isEqualTo(OptionalDouble.empty());

    evaluate(directory, 0, 128, -50);
    evaluate(directory, 1, 128, -60);
    evaluate(directory, 2, 1, -70);
    assertThat(SeedMean.of(directory.runs()).get(0)).isEqualTo(first);
    evaluate(directory, 2, 128, -70);
    SeedMean evaluated = SeedMean.of(directory.runs()).get(0);
    assertThat(evaluated.measure()).contains(new SeedMean.Measure("evaluation", "test", 9, 128));
    assertThat(evaluated.nats()).hasValue(-60);
    // Deviations 10, 0, -10: sqrt(200 / 2 / 3).
    assertThat(evaluated.natsStandardError().getAsDouble())
        .isCloseTo(Math.sqrt(100.0 / 3), within(1e-9));
  }

  private static void evaluate(SweepDirectory directory, int index, int samples, double nats) {
    directory
        .runs()
        .get(index)
        .run()
        .orElseThrow()
        .writeEvaluation(
            "test",
            Map.of("step", 7, "split", "test", "images", 9, "samples", samples, "nats", nats));
  }

  @Test
  void withoutSeeds_thereAreNoMeans() throws IOException {
    grid = "{train.batch: [8, 16]}";
    runner(this::trains).all(1);
    assertThat(SeedMean.of(directory().runs())).isEmpty();
  }

  @Test
  void finishedWithoutItsEvaluation_isResumed() throws IOException {
    Files.writeString(folder.resolve("x.yaml"), "name: base\nevaluation: {after-training: true}\n");
    runner(this::trains).only(0);
    assertThat(directory().runs().get(0).state()).isEqualTo(PointState.UNFINISHED);
    evaluate(directory(), 0, 128, -50);
    assertThat(directory().runs().get(0).state()).isEqualTo(PointState.FINISHED);
  }
}
