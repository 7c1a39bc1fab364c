package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunState;

class TrainerTest {
  private static final String DESCRIPTOR =
      """
      name: tiny
      data: {file: "embedded:digits", pad-to: 32}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: {steps: 2, update: {hidden: 8, blocks: 1}}
      train:
        steps: 20
        batch: 8
        optimizer: {learning-rate: 3.0e-3}
        threads: 2
        device: cpu
        report: {every: 5}
        validation: {every: 10, images: 16}
        checkpoint: {every: 5, keep: 2}
        images: {every: 20}
      """;

  @TempDir Path folder;
  private Path descriptor;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    descriptor = folder.resolve("tiny.yaml");
    Files.writeString(descriptor, DESCRIPTOR);
  }

  @Test
  void twentySteps_inOneGo_equalTenAndTenInTwoProcesses() throws Exception {
    Path straight = folder.resolve("straight");
    Path halves = folder.resolve("halves");
    fork("start", descriptor, straight);
    fork("start", descriptor, halves, "train.steps=10");
    assertThat(latest(halves).step()).isEqualTo(10);
    fork("resume", halves, "train.steps=20");
    assertSameVariables(straight, halves);
    assertThat(losses(halves)).isEqualTo(losses(straight)).hasSize(4);
  }

  /** The save of step 10, 15 or 20 is cut short by SIGKILL; then the run goes on. */
  @Test
  void twentySteps_killedInTheMiddleOfASave_equalOneGo() throws Exception {
    Path straight = folder.resolve("straight");
    fork("start", descriptor, straight);
    boolean cut = false;
    for (int attempt = 0; attempt < 10 && !cut; attempt++) {
      Path killed = folder.resolve("killed" + attempt);
      fork("start", descriptor, killed, "train.steps=5");
      Process process = forked("resume", killed, "train.steps=20");
      while (process.isAlive() && !saving(killed)) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();
      cut = saving(killed);
      if (cut) {
        assertThat(RunDirectory.open(killed).state().phase()).isEqualTo(RunState.Phase.KILLED);
        long kept = latest(killed).step();
        assertThat(kept).isIn(5L, 10L, 15L);
        fork("resume", killed, "train.steps=20");
        assertThat(saving(killed)).as("what the killed save left").isFalse();
        assertSameVariables(straight, killed);
        assertThat(losses(killed)).isEqualTo(losses(straight));
      }
    }
    assertThat(cut).as("a save was cut short").isTrue();
  }

  /** Every control that has a course or keeps something from step to step. */
  @Test
  void twentySteps_withAllControls_equalTenAndTen_andReportTheirValues() throws IOException {
    String[] controls = {
      "train.schedule={type: cosine, warm-up: 4, end: 0.1}",
      "train.optimizer={type: adamw, weight-decay: 0.1}",
      "train.beta={from: 0, to: 1, steps: 16}",
      "train.free-bits=0.05",
      "train.accumulate=2",
      "train.guard={times: 1.02, window: 3}",
      "train.average={decay: 0.9}"
    };
    Path straight = start(controls).run();
    Path halves = folder.resolve("halves");
    Experiment whole = read(controls);
    Trainer.start(whole, folder, halves, Manifest.here(folder), stoppingAfterValidation());
    assertThat(latest(halves).step()).isEqualTo(10);
    Trainer.resume(halves, List.of(), watch());
    assertSameVariables(straight, halves);
    List<Map<String, Object>> lines = reports(straight);
    assertThat(lines).extracting(line -> line.get("learningRate")).doesNotHaveDuplicates();
    assertThat(lines).extracting(line -> (Double) line.get("beta")).isSorted();
    double skipped =
        lines.stream().mapToDouble(line -> ((Number) line.get("skippedSteps")).doubleValue()).sum();
    assertThat(skipped).as("a norm 2 % above the median is no rare thing").isPositive();
    assertThat(reports(halves).get(3))
        .containsEntry("skippedSteps", lines.get(3).get("skippedSteps"))
        .containsEntry("averageDecay", 20 / 29.0);
    assertThat(variables(straight)).containsKey("decoder/out/weight/average");
  }

  @Test
  void twentySteps_bySeveralSamples_equalTenAndTen_andReportTheirBound() throws IOException {
    String[] controls = {
      "train.samples=3",
      "train.objective=iwae",
      "train.beta={from: 0, to: 1, steps: 12}",
      "train.accumulate=2",
      "train.guard={times: 1.02, window: 3}"
    };
    Path straight = start(controls).run();
    Path halves = folder.resolve("halves");
    Trainer.start(read(controls), folder, halves, Manifest.here(folder), stoppingAfterValidation());
    assertThat(latest(halves).step()).isEqualTo(10);
    Trainer.resume(halves, List.of(), watch());
    assertSameVariables(straight, halves);
    List<Map<String, Object>> lines = reports(straight);
    assertThat(reports(halves).get(3)).containsEntry("iwaeBound", lines.get(3).get("iwaeBound"));
    // Beta is 1 in the last five steps.
    assertThat((double) lines.get(3).get("iwaeBound"))
        .isCloseTo(-(double) lines.get(3).get("lossNats"), within(1e-3));
    assertThat((double) lines.get(0).get("iwaeBound"))
        .isLessThan(-(double) lines.get(0).get("lossNats"));
    assertThat(reports(start().run()).get(3)).doesNotContainKey("iwaeBound");
  }

  @Test
  void twentySteps_ofADecoderThatSettles_withAllOfThePoolsControls_equalTenAndTen()
      throws IOException {
    String[] controls = {
      "model.decoder.settle={min: 1, max: 3, evaluation: 2}",
      "train.pool={size: 24, damage: 16, from: 4, keep-below: 1, kl: fresh}"
    };
    Path straight = start(controls).run();
    Path halves = folder.resolve("halves");
    Trainer.start(read(controls), folder, halves, Manifest.here(folder), stoppingAfterValidation());
    Trainer.resume(halves, List.of(), watch());
    assertSameVariables(straight, halves);
    List<Map<String, Object>> lines = reports(straight);
    assertThat(
            lines.stream()
                .mapToDouble(line -> ((Number) line.get("poolDropped")).doubleValue())
                .sum())
        .as("every second entry is damaged, and so beyond the median")
        .isPositive();
    assertThat(reports(halves).get(3))
        .containsEntry("poolDropped", lines.get(3).get("poolDropped"));
    assertThat(reports(start().run()).get(3)).doesNotContainKey("poolDropped");
  }

  /** What selects is the average, and so is what is opened unless somebody says otherwise. */
  @Test
  void average_isWhatIsValidatedAndOpened() {
    Path run = start("train.average.decay=0.95", "train.validation.samples=2").run();
    RunDirectory directory = RunDirectory.open(run);
    Experiment experiment = directory.experiment();
    double told = latest(run).number("validationNats");
    ModelChoice choice = ModelChoice.of("latest");
    try (OpenedModel average = choice.onCpu(directory, experiment, watch());
        OpenedModel trained =
            choice.with(ModelWeights.TRAINED).onCpu(directory, experiment, watch())) {
      assertThat(average.weights()).isEqualTo(ModelWeights.AVERAGE);
      assertThat(average.besideAverage()).isFalse();
      assertThat(trained.weights()).isEqualTo(ModelWeights.TRAINED);
      assertThat(trained.besideAverage()).isTrue();
      assertThat(validated(average, experiment)).isEqualTo(told);
      assertThat(validated(trained, experiment)).isNotEqualTo(told);
    }
    Path plain = start().run();
    assertThatThrownBy(
            () ->
                choice
                    .with(ModelWeights.AVERAGE)
                    .onCpu(RunDirectory.open(plain), experiment, watch()))
        .isInstanceOf(RunException.class)
        .hasMessageEndingWith(
            "steps/20 has no average of its weights, since train.average.decay was 0; leave --weights out");
    // The weights that are averaged are those of a run that averages nothing.
    Map<String, float[]> values = variables(run);
    values.keySet().removeIf(name -> name.endsWith("/average"));
    assertThat(values).usingRecursiveComparison().isEqualTo(variables(plain));
  }

  private static double validated(OpenedModel model, Experiment experiment) {
    try (ImageDataset data = ImageDataset.open(experiment.data().file())) {
      Split split = data.split("valid");
      return new BoundEstimator(model.session(), split, experiment.evaluation().batch())
          .summarize(BoundEstimator.choose(split.size(), 16), 2)
          .nats();
    }
  }

  @Test
  void average_mayBegin_change_andEnd_whenARunGoesOn() {
    Path run = start("train.steps=10").run();
    Map<String, float[]> before = values(run, 10);
    Trainer.resume(run, List.of("train.steps=11", "train.average.decay=0.9"), watch());
    Map<String, float[]> after = values(run, 11);
    String name = "encoder/conv0/weight";
    for (int i = 0; i < before.get(name).length; i++) {
      // Step 10, counted from 0: (1 + 10) / (10 + 10).
      assertThat(after.get(name + "/average")[i])
          .isCloseTo(
              before.get(name)[i] + 0.45f * (after.get(name)[i] - before.get(name)[i]),
              within(1e-6f));
    }
    Trainer.resume(run, List.of("train.steps=12", "train.average.decay=0.2"), watch());
    assertThat(RunDirectory.open(run).manifest().resumed().get(1).changes())
        .extracting(Manifest.Change::key)
        .contains("train.average.decay");
    assertThat(values(run, 12).get(name + "/average")).isNotEqualTo(after.get(name + "/average"));
    Trainer.resume(run, List.of("train.steps=13", "train.average.decay=0"), watch());
    assertThat(values(run, 13)).doesNotContainKey(name + "/average");
    assertThat(latest(run).facts()).doesNotContainKey(Models.AVERAGE);
    try (OpenedModel opened =
        ModelChoice.of("12")
            .onCpu(RunDirectory.open(run), RunDirectory.open(run).experiment(), watch())) {
      assertThat(opened.weights()).isEqualTo(ModelWeights.AVERAGE);
    }
    assertThatThrownBy(() -> read("train.average.decay=1"))
        .hasMessageContaining("train.average.decay must be at least 0 and below 1, but is 1.0");
  }

  @Test
  void runWithoutACheckpoint_goesOnFromStep0_andEqualsOneGo() throws IOException {
    Path straight = start().run();
    RunDirectory killed =
        RunDirectory.create(
            folder, folder.resolve("killed"), read(), RunDirectory.open(straight).manifest());
    Outcome outcome = Trainer.resume(killed.path(), List.of(), watch());
    assertThat(outcome.step()).isEqualTo(20);
    assertSameVariables(straight, killed.path());
    assertThat(losses(killed.path())).isEqualTo(losses(straight));

    // Checkpoints that were there and are gone are a loss, not a beginning.
    Files.move(killed.path().resolve("steps"), folder.resolve("lost"));
    assertThatThrownBy(() -> Trainer.resume(killed.path(), List.of(), watch()))
        .hasMessageStartingWith(killed + " has no whole checkpoint");
  }

  @Test
  void start_writesAllThatARunHas() throws IOException {
    Outcome outcome = start("train.images.every=10");
    RunDirectory run = RunDirectory.open(outcome.run());
    assertThat(outcome.stopped()).isFalse();
    assertThat(outcome.step()).isEqualTo(20);
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.FINISHED);
    assertThat(run.figures()).isDirectoryContaining("glob:**samples.png");
    assertThat(run.figures()).isDirectoryContaining("glob:**growth.png");
    assertThat(run.figures()).isDirectoryContaining("glob:**reconstructions.png");
    assertThat(run.eventsTrain()).isNotEmptyDirectory();
    assertThat(run.eventsValidation()).isNotEmptyDirectory();
    List<Map<String, Object>> lines = MetricsLog.read(run.metrics());
    assertThat(lines).extracting(line -> line.get("step")).containsExactly(5, 10, 10, 15, 20, 20);
    assertThat(lines.get(0)).containsKeys("lossNats", "klNats", "gradientNorm", "bitsPerDim");
    assertThat(lines.get(2)).containsKeys("validationNats", "validationStandardError");
    Checkpoint best = run.checkpoints().resolve(Checkpoints.BEST, notice -> {});
    assertThat(best.step()).isEqualTo(outcome.bestStep().getAsLong());
    assertThat(best.number("validationNats")).isEqualTo(outcome.bestNats().getAsDouble());
    assertThat(run.manifest().data().location()).isEqualTo("embedded:digits");
    assertThat(run.manifest().device()).startsWith("CPU");
    assertThat(run.experiment()).isEqualTo(read("train.images.every=10"));
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("step 10: validation bound -")
        .contains("best so far");
  }

  @Test
  void stopSignal_savesAndSaysHowToGoOn() {
    StopSignal stop = new StopSignal();
    stop.request("Ctrl-C");
    Outcome outcome =
        Trainer.start(
            read(),
            folder,
            folder.resolve("stopped"),
            Manifest.here(folder),
            new Watch(true, new PrintStream(said, true, StandardCharsets.UTF_8), stop));
    assertThat(outcome.stopped()).isTrue();
    assertThat(outcome.step()).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("stopped after step 0 and saved; go on with: ./vnca resume ");
    RunDirectory run = RunDirectory.open(outcome.run());
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.STOPPED);
    assertThat(run.state().reason()).isEqualTo("Ctrl-C");
    assertThat(Trainer.resume(outcome.run(), List.of("train.steps=3"), watch()).step())
        .isEqualTo(3);
    assertThat(run.experiment().train().steps()).isEqualTo(3);
  }

  @Test
  void nonFiniteLoss_stopsTheRunAndNamesTheLastGoodCheckpoint() {
    Path run = folder.resolve("run");
    Trainer.start(read("train.steps=5"), folder, run, Manifest.here(folder), watch());
    assertThatThrownBy(
            () ->
                Trainer.resume(
                    run, List.of("train.steps=20", "train.optimizer.learning-rate=1e30"), watch()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("is not finite; the last good checkpoint is")
        .hasMessageContaining(Path.of("steps", "5").toString());
    assertThat(latest(run).step()).isEqualTo(5);
    assertThat(RunDirectory.open(run).state().phase()).isEqualTo(RunState.Phase.FAILED);
  }

  /** On a CPU XLA needs a flag in the environment as well, so the key changes no bit here. */
  @Test
  void runFromBeforeTheKeyXla_goesOn_andMayTurnItOn() throws IOException {
    Path straight = start().run();
    Path halves = withoutXla("halves");
    Trainer.resume(halves, List.of("train.steps=20"), watch());
    assertSameVariables(straight, halves);
    Path compiled = withoutXla("compiled");
    Trainer.resume(compiled, List.of("train.steps=20", "train.xla=true"), watch());
    assertThat(RunDirectory.open(compiled).experiment().train().xla()).isTrue();
    Map<String, float[]> expected = variables(straight);
    Map<String, float[]> found = variables(compiled);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            assertThat(found.get(name)[i]).as(name).isCloseTo(values[i], within(1e-4f));
          }
        });
  }

  /** A run of ten steps whose descriptor does not know the key. */
  private Path withoutXla(String name) throws IOException {
    Path run = folder.resolve(name);
    Trainer.start(read("train.steps=10"), folder, run, Manifest.here(folder), watch());
    Path written = RunDirectory.open(run).experimentFile();
    String before = Files.readString(written).replace("  xla: false\n", "");
    assertThat(before).doesNotContain("xla");
    Files.writeString(written, before);
    return run;
  }

  @Test
  void resume_tellsAndKeepsWhatChanged_alsoForTensorBoard() throws IOException {
    Path run = start("train.steps=2").run();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Trainer.resume(
        run,
        List.of("train.steps=4", "train.optimizer.learning-rate=1e-5"),
        new Watch(true, new PrintStream(said, true, StandardCharsets.UTF_8), new StopSignal()),
        Optional.empty(),
        List.of("resume", "it"));
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("train.optimizer.learning-rate: 0.003 -> 1.0E-5\n", "train.steps: 2 -> 4\n");
    List<Manifest.Resumption> resumed = RunDirectory.open(run).manifest().resumed();
    assertThat(resumed).hasSize(1);
    assertThat(resumed.get(0).fromStep()).isEqualTo(2);
    assertThat(resumed.get(0).commandLine()).containsExactly("resume", "it");
    assertThat(resumed.get(0).changes())
        .extracting(Manifest.Change::key)
        .containsExactly("train.optimizer.learning-rate", "train.steps");
    // TensorBoard shows the first settings that it finds: the old ones are gone.
    try (Stream<Path> events = Files.list(run.resolve("events"))) {
      List<Path> files = events.filter(Files::isRegularFile).toList();
      assertThat(files).hasSize(1);
      assertThat(Files.readString(files.get(0), StandardCharsets.ISO_8859_1))
          .contains("session_start_info", "session_end_info");
    }
    Trainer.resume(run, List.of(), watch());
    assertThat(RunDirectory.open(run).manifest().resumed()).hasSize(1);
  }

  @Test
  void patience_endsTrainingThatFindsNoBetterBound_andItStaysEnded() {
    String[] settings = {
      "train.steps=40",
      "train.validation.every=2",
      "train.validation.patience=2",
      "train.optimizer.learning-rate=1e-30"
    };
    Outcome outcome = start(settings);
    long best = outcome.bestStep().orElseThrow();
    assertThat(outcome.stopped()).isFalse();
    // Weights that do not move have no better bound than their first.
    assertThat(best).isEqualTo(2);
    assertThat(outcome.step()).isEqualTo(best + 4);
    RunDirectory run = RunDirectory.open(outcome.run());
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.FINISHED);
    assertThat(latest(outcome.run()).step()).isEqualTo(outcome.step());
    assertThat(Trainer.resume(outcome.run(), List.of(), watch()).step()).isEqualTo(outcome.step());
    assertThat(
            Trainer.resume(outcome.run(), List.of("train.validation.patience=3"), watch()).step())
        .isEqualTo(best + 6);
  }

  @Test
  void resume_withAnotherModel_isRefused() {
    Path run = start("train.steps=1").run();
    assertThatThrownBy(() -> Trainer.resume(run, List.of("model.latent=16"), watch()))
        .hasMessage(
            "model.latent cannot change when a run goes on (it was 8); start a new run instead");
    assertThatThrownBy(() -> Trainer.resume(run, List.of("train.batch=4"), watch()))
        .hasMessageStartingWith("train.batch cannot change");
    assertThatThrownBy(() -> Trainer.resume(run, List.of("train.steps=0"), watch()))
        .hasMessageContaining("is at step 1 already");
  }

  /** Opens a model of a run from these steps in turn, and does something behind each choice. */
  private static OpenedModel opened(Path run, Consumer<Checkpoint> behind, String... steps) {
    RunDirectory directory = RunDirectory.open(run);
    Iterator<String> next = List.of(steps).iterator();
    return Models.restored(
        directory.experiment(),
        () -> {
          Checkpoint chosen = directory.checkpoints().resolve(next.next(), notice -> {});
          behind.accept(chosen);
          return chosen;
        },
        Optional.empty(),
        OptionalInt.empty(),
        DeviceRequest.setting(Device.CPU),
        List.of());
  }

  private static void delete(Checkpoint checkpoint) {
    try (Stream<Path> files = Files.walk(checkpoint.path())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCheckpointThatGoesWhileTheModelIsBuilt_isChosenAgain() {
    Path run = start("train.steps=3", "train.checkpoint.every=1", "train.checkpoint.keep=3").run();
    Map<String, float[]> last;
    try (VncaSession session = Models.onCpu(RunDirectory.open(run).experiment(), latest(run))) {
      last = session.variables().values();
    }
    Consumer<Checkpoint> deletesOld =
        checkpoint -> {
          if (checkpoint.step() < 3) {
            delete(checkpoint);
          }
        };
    try (OpenedModel opened = opened(run, deletesOld, "1", "2", "latest")) {
      assertThat(opened.checkpoint().step()).isEqualTo(3);
      assertThat(opened.session().variables().values()).usingRecursiveComparison().isEqualTo(last);
    }
    assertThatThrownBy(() -> Models.onCpu(RunDirectory.open(run).experiment(), gone(run)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("steps/3 was deleted while it was read")
        .hasMessageContaining("train.checkpoint.keep");
  }

  private static Checkpoint gone(Path run) {
    Checkpoint checkpoint = latest(run);
    delete(checkpoint);
    return checkpoint;
  }

  @Test
  void restoredModel_needsNoData() {
    Path run = start("train.steps=2").run();
    RunDirectory directory = RunDirectory.open(run);
    Checkpoint checkpoint = latest(run);
    try (VncaSession session = Models.onCpu(directory.experiment(), checkpoint)) {
      assertThat(session.sampling().prior(new long[] {0})[0]).hasSize(8);
      assertThat(session.variables().values().keySet()).noneMatch(name -> name.contains("adam"));
    }
  }

  private Outcome start(String... overrides) {
    return Trainer.start(
        read(overrides), folder.resolve("runs"), null, Manifest.here(folder), watch());
  }

  private Experiment read(String... overrides) {
    return ExperimentReader.read(descriptor, List.of(overrides));
  }

  private Watch watch() {
    return new Watch(true, new PrintStream(said, true, StandardCharsets.UTF_8), new StopSignal());
  }

  /** Asks for an end when the validation of step 10 is told. */
  private Watch stoppingAfterValidation() {
    StopSignal stop = new StopSignal();
    PrintStream listening =
        new PrintStream(said, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            if (line.contains("step 10: validation bound")) {
              stop.request("the test");
            }
          }
        };
    return new Watch(true, listening, stop);
  }

  private static List<Map<String, Object>> reports(Path run) {
    return MetricsLog.read(RunDirectory.open(run).metrics()).stream()
        .filter(line -> line.containsKey("learningRate"))
        .toList();
  }

  private static Checkpoint latest(Path run) {
    return RunDirectory.open(run).checkpoints().resolve(Checkpoints.LATEST, notice -> {});
  }

  private static boolean saving(Path run) throws IOException {
    try (Stream<Path> members = Files.list(run.resolve("steps"))) {
      return members.anyMatch(path -> path.getFileName().toString().startsWith(".tmp"));
    }
  }

  private static void assertSameVariables(Path one, Path other) {
    Map<String, float[]> expected = variables(one);
    Map<String, float[]> got = variables(other);
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    assertThat(expected).containsKeys("decoder/out/weight", "encoder/dense/bias/adam-v");
    expected.forEach((name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
  }

  private static Map<String, float[]> variables(Path run) {
    return values(run, 20);
  }

  private static Map<String, float[]> values(Path run, long step) {
    Experiment experiment = RunDirectory.open(run).experiment();
    Checkpoint checkpoint = latest(run);
    assertThat(checkpoint.step()).isEqualTo(step);
    try (ImageDataset data = ImageDataset.open(experiment.data().file());
        VncaSession session =
            Models.training(
                experiment,
                Models.input(experiment, data.split("train")),
                experiment.train().batch())) {
      session.restore(checkpoint.file(Models.VARIABLES));
      return session.variables().values();
    }
  }

  private static List<Object> losses(Path run) {
    return MetricsLog.read(RunDirectory.open(run).metrics()).stream()
        .filter(line -> line.containsKey("lossNats"))
        .map(line -> line.get("lossNats"))
        .toList();
  }

  private void fork(Object... words) throws Exception {
    Process process = forked(words);
    assertThat(process.waitFor()).as("exit status of %s", List.of(words)).isZero();
  }

  private Process forked(Object... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TrainFork.class.getName()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("fork.log").toFile())
        .start();
  }
}
