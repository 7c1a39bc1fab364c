package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vnca.train.run.RunFixture.MANIFEST;
import static org.vnca.train.run.RunFixture.experiment;
import static org.vnca.train.run.RunFixture.refusalOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.experiment.Experiment;

class RunDirectoryTest {
  @TempDir Path folder;

  @Test
  void create_namesTheRunAfterExperimentAndLocalTime() {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneId.systemDefault())
            .format(Instant.parse(MANIFEST.started()));
    String name = "mnist-doubling-" + time;
    Path parent = folder.resolve("checkpoints");
    for (String expected : List.of(name, name + "-2", name + "-3")) {
      RunDirectory run = RunDirectory.create(parent, null, Experiment.PAPER, MANIFEST);
      assertThat(run.name()).isEqualTo(expected);
      assertThat(run.path()).isEqualTo(parent.resolve(expected));
    }
  }

  @Test
  void open_findsWhatCreateWrote() throws IOException {
    Experiment experiment = experiment("train.batch=3", "model.decoder.update.type=simple");
    Path wanted = folder.resolve("deep/own");
    RunDirectory.create(folder, wanted, experiment, MANIFEST);
    RunDirectory run = RunDirectory.open(wanted);
    assertThat(run.name()).isEqualTo("own");
    assertThat(run.experiment()).isEqualTo(experiment);
    assertThat(run.manifest()).isEqualTo(MANIFEST);
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.CREATED);
    assertThat(run.eventsTrain()).isEqualTo(wanted.resolve("events/train"));
    assertThat(run.eventsValidation()).isEqualTo(wanted.resolve("events/validation"));
    assertThat(run.metrics()).isEqualTo(wanted.resolve("metrics.jsonl"));
    assertThat(run.evaluation()).isEqualTo(wanted.resolve("evaluation"));
    assertThat(run.figures()).isEqualTo(wanted.resolve("figures"));
    try (var members = Files.list(wanted)) {
      assertThat(members.map(member -> member.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "experiment.yaml", "manifest.json", "state.json", "lock", "digest");
    }
  }

  @Test
  void create_ofTwoAtOnePlace_isRefusedToTheSecond() throws IOException {
    Path wanted = Files.createDirectories(folder.resolve("wanted"));
    try (ProcessLock first = ProcessLock.take(wanted.resolve("lock")).orElseThrow()) {
      first.write("making it");
      assertThat(refusalOf(() -> RunDirectory.create(folder, wanted, Experiment.PAPER, MANIFEST)))
          .isEqualTo(wanted + " is being made a run by another process; name another directory");
    }
    assertThat(wanted).isDirectoryContaining("glob:**/lock");
    RunDirectory.create(folder, wanted, Experiment.PAPER, MANIFEST);
    assertThat(RunDirectory.isRun(wanted)).isTrue();
  }

  @Test
  void create_refusesAPlaceThatIsTaken() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    RunDirectory.create(folder, empty, Experiment.PAPER, MANIFEST);
    assertThat(refusalOf(() -> RunDirectory.create(folder, empty, Experiment.PAPER, MANIFEST)))
        .isEqualTo(
            "%s is a run already; go on with it (./vnca resume %s) or name another directory"
                .formatted(empty, empty));
    Path full = Files.createDirectories(folder.resolve("full"));
    Files.writeString(full.resolve("thesis.txt"), "");
    assertThat(refusalOf(() -> RunDirectory.create(folder, full, Experiment.PAPER, MANIFEST)))
        .isEqualTo(full + " is not empty; name another directory");
    assertThat(full).isDirectoryNotContaining("glob:**/lock");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(refusalOf(() -> RunDirectory.create(folder, file, Experiment.PAPER, MANIFEST)))
        .isEqualTo(file + " is not a directory");
    assertThat(refusalOf(() -> RunDirectory.create(file, null, Experiment.PAPER, MANIFEST)))
        .startsWith("no run can be made in " + file + ": ");
  }

  @Test
  void open_refusesWhatIsNoRun_andSaysWhatIsMissing() throws IOException {
    Path path = folder.resolve("x");
    assertThat(refusalOf(() -> RunDirectory.open(path)))
        .isEqualTo("there is no run " + path + ": no such directory");
    Files.createDirectories(path);
    assertThat(refusalOf(() -> RunDirectory.open(path)))
        .isEqualTo(path + " is not a run: it has no experiment.yaml and no manifest.json");
    Files.writeString(path.resolve("experiment.yaml"), "");
    assertThat(refusalOf(() -> RunDirectory.open(path)))
        .isEqualTo(path + " is not a run: it has no manifest.json");
    Files.writeString(path.resolve("manifest.json"), "{");
    assertThat(refusalOf(() -> RunDirectory.open(path).manifest()))
        .startsWith(path.resolve("manifest.json") + " cannot be read: ");
  }

  @Test
  void manifest_saysUnknownOutsideARepository() {
    Manifest here = Manifest.here(folder);
    assertThat(here.git()).isEqualTo(new Manifest.Git("unknown", "unknown"));
    assertThat(here.java()).isEqualTo(System.getProperty("java.version"));
    assertThat(here.os()).contains(System.getProperty("os.arch"));
  }

  @Test
  void manifest_tellsCommitAndDirtiness() throws Exception {
    assumeTrue(git("init", "-q"), "git is not here");
    Files.writeString(folder.resolve("a"), "1");
    git("add", "a");
    git("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "a");
    Manifest.Git clean = Manifest.here(folder).git();
    assertThat(clean.commit()).matches("[0-9a-f]{40}");
    assertThat(clean.state()).isEqualTo("clean");
    Files.writeString(folder.resolve("a"), "2");
    assertThat(Manifest.here(folder).git()).isEqualTo(new Manifest.Git(clean.commit(), "dirty"));
  }

  private boolean git(String... words) throws InterruptedException {
    try {
      List<String> command = new ArrayList<>();
      command.add("git");
      command.addAll(List.of(words));
      return new ProcessBuilder(command).directory(folder.toFile()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void state_followsTheWriter() throws IOException {
    RunDirectory run = RunFixture.run(folder);
    try (RunWriter writer = run.write()) {
      assertThat(run.state().phase()).isEqualTo(RunState.Phase.RUNNING);
      writer.stopped("by Ctrl-C");
    }
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.STOPPED);
    assertThat(run.state().reason()).isEqualTo("by Ctrl-C");
    try (RunWriter writer = run.write()) {
      writer.finished();
    }
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.FINISHED);
    try (RunWriter writer = run.write()) {
      writer.failed("loss is NaN\nat step 3");
    }
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.FAILED);
    assertThat(run.state().reason()).isEqualTo("loss is NaN at step 3");
    run.write().close();
    assertThat(run.state().reason()).isEqualTo("its writer ended without saying how");
  }

  @Test
  void aSecondWriterOfTheSameProcess_isRefused_andTheFirstKeepsItsLock() throws Exception {
    RunDirectory run = RunFixture.run(folder);
    try (RunWriter writer = run.write()) {
      String refusal = refusalOf(() -> RunDirectory.open(run.path()).write());
      assertThat(refusal)
          .startsWith(run + " is being trained by process " + ProcessHandle.current().pid())
          .endsWith("; stop that one first");
      assertThat(RunDirectory.open(run.path()).state().phase()).isEqualTo(RunState.Phase.RUNNING);
      try (ForkedWriter other = ForkedWriter.start(run, "hold", 0)) {
        assertThat(other.line()).startsWith("refused: " + run + " is being trained by process ");
      }
      writer.finished();
    }
  }

  @Test
  void aWriterOfAnotherProcess_keepsThisOneOut_untilItIsKilled() throws Exception {
    RunDirectory run = RunFixture.run(folder);
    try (ForkedWriter other = ForkedWriter.start(run, "hold", 0)) {
      assertThat(other.line()).isEqualTo("holding");
      assertThat(run.state().phase()).isEqualTo(RunState.Phase.RUNNING);
      assertThat(refusalOf(run::write))
          .startsWith(run + " is being trained by process " + other.pid() + " since ");
      other.kill();
      assertThat(run.state().phase()).isEqualTo(RunState.Phase.KILLED);
      assertThat(run.state().reason())
          .isEqualTo("process " + other.pid() + " ended without saying how");
    }
    try (RunWriter writer = run.write()) {
      writer.finished();
    }
  }

  @Test
  void experiment_canBeReplacedByItsWriter() throws IOException {
    RunDirectory run = RunFixture.run(folder);
    Experiment longer = experiment("train.steps=7");
    try (RunWriter writer = run.write()) {
      writer.experiment(longer);
      writer.finished();
    }
    assertThat(RunDirectory.open(run.path()).experiment()).isEqualTo(longer);
  }
}
