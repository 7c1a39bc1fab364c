package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnca.cli.frame.Command;
import org.vnca.graph.cluster.ProcessServer;

/** Training with workers, from the command line, in real processes. */
class WorkerCommandTest {
  private static final String TRAINING =
      """
      train:
        steps: 6
        batch: 8
        device: cpu
        validation: {every: 3, images: 8}
        checkpoint: {every: 3}
        images: {every: 0}
      """;

  @TempDir Path folder;
  private final List<Process> workers = new ArrayList<>();

  @AfterEach
  void stopWorkers() {
    workers.forEach(Process::destroyForcibly);
  }

  @Test
  void training_withWorkers_givesTheSameLosses_andGoesOnWithFewer() throws IOException {
    Path alone = train("alone");
    String first = worker();
    String second = worker();
    Path together = train("together", "--workers", first + "," + second);
    List<Double> expected = losses(alone);
    List<Double> got = losses(together);
    assertThat(got).hasSize(expected.size()).hasSizeGreaterThan(2);
    for (int i = 0; i < got.size(); i++) {
      assertThat(Math.abs(got.get(i) / expected.get(i) - 1)).isLessThan(1e-4);
    }
    assertThat(Files.readString(together.resolve("manifest.json")))
        .contains("2 devices of workers: 0 CPU:0, 1 CPU:0");
    Called resumed =
        Called.with(
            "resume", together.toString(), "--set", "train.steps=8", "--workers", second, "--json");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.json().path("step").asInt()).isEqualTo(8);
  }

  @Test
  void workerKilledWhileTraining_endsInOneLineThatNamesWorkerAndCheckpoint() throws Exception {
    String worker = worker();
    Path run = folder.resolve("lost");
    CompletableFuture<Called> training = endless(run, worker);
    workers.get(0).destroyForcibly();
    Called lost = training.get(180, TimeUnit.SECONDS);
    assertThat(lost.status()).isEqualTo(Command.FAILED);
    assertThat(lost.err().lines().filter(line -> line.startsWith("vnca: ")).toList())
        .singleElement()
        .asString()
        .startsWith("vnca: lost worker " + worker + " (")
        .contains("; the last good checkpoint is " + run.resolve("steps"))
        .endsWith(
            "; go on without workers, or add --workers and those that are left or started again:"
                + " ./vnca resume "
                + run);
    String steps = "train.steps=" + (stepOf(run) + 2);
    Called resumed =
        Called.with("resume", run.toString(), "--set", steps, "--workers", worker(), "--json");
    assertThat(resumed.status()).as(resumed.err()).isZero();
  }

  /** A worker takes a driver of a known name for the same one, started again. */
  @Test
  void secondTraining_withTheSameWorker_leavesTheFirstAlone() throws Exception {
    String worker = worker();
    Path run = folder.resolve("first");
    CompletableFuture<Called> training = endless(run, worker);
    Path other = folder.resolve("second");
    List<String> words =
        List.of("train", experiment().toString(), "--run", other.toString(), "--workers", worker);
    assertThat(ended(words)).isEqualTo(Command.DONE);
    assertThat(ended(List.of("resume", run.toString(), "--workers", worker)))
        .as("the run is being trained")
        .isEqualTo(Command.FAILED);
    long before = stepOf(run);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (stepOf(run) < before + 6 && !training.isDone() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(stepOf(run)).isGreaterThanOrEqualTo(before + 6);
    workers.get(0).destroyForcibly();
    assertThat(training.get(180, TimeUnit.SECONDS).status()).isEqualTo(Command.FAILED);
  }

  private static int ended(List<String> words) throws Exception {
    Process process =
        Tiny.program(words)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Begins a training that only a lost worker ends, and waits for its first checkpoint. */
  private CompletableFuture<Called> endless(Path run, String worker) {
    CompletableFuture<Called> training =
        CompletableFuture.supplyAsync(
            () ->
                Called.with(
                    "train",
                    experiment().toString(),
                    "--run",
                    run.toString(),
                    "--set",
                    "train.steps=1000000",
                    "--quiet",
                    "--workers",
                    worker));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!Files.exists(run.resolve("latest"))
        && !training.isDone()
        && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    return training;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--workers nonsense          | --workers must be HOST:PORT, several with commas between,"
            + " but is 'nonsense'",
        "--workers a:1,a:1 --listen b:1 | --workers must name different workers, but is 'a:1,a:1'",
        "--workers 192.0.2.1:2222    | workers on other machines have to reach this one: add"
            + " --listen HOST:PORT with its name or number in the network",
        "--workers 192.0.2.1:2222 --listen 127.0.0.1:2222 | --listen must be an address that"
            + " workers on other machines reach, but is '127.0.0.1:2222'",
        "--listen 127.0.0.1:2222     | --listen is of use with --workers only",
        "--worker-timeout 3          | --worker-timeout is of use with --workers only",
      })
  void wordsThatDoNotFit_areRefused(String words, String message) {
    List<String> all = new ArrayList<>(List.of("train", experiment().toString()));
    all.addAll(List.of(words.strip().split(" +", -1)));
    Called called = Called.with(all.toArray(String[]::new));
    assertThat(called.status()).isEqualTo(Command.MISUSED);
    assertThat(called.err()).contains("vnca: " + message);
  }

  /** Before a worker is looked for; nothing listens there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.devices=[cpu:0,cpu:1] | train.devices must be empty with workers, whose devices are"
            + " used, but is [cpu:0, cpu:1]",
        "train.xla=true              | train.xla must be false with workers: TensorFlow compiles"
            + " within one process only, but is true",
      })
  void settingsThatWorkersExclude_areRefused(String setting, String message) {
    Called called =
        Called.with(
            "train",
            experiment().toString(),
            "--run",
            folder.resolve("refused").toString(),
            "--workers",
            "127.0.0.1:1",
            "--set",
            setting);
    assertThat(called.status()).isEqualTo(Command.FAILED);
    assertThat(called.err()).contains("vnca: --set " + setting + ": " + message);
  }

  @Test
  void batchThatTheWorkersCannotShare_isSharedByAsManyAsCan() throws IOException {
    Path run = train("shared", "--workers", worker() + "," + worker() + "," + worker());
    assertThat(Files.readString(run.resolve("manifest.json")))
        .contains("2 of 3 devices of workers: 0 CPU:0, 1 CPU:0");
  }

  private Path train(String name, String... more) {
    Path run = folder.resolve(name);
    List<String> words =
        new ArrayList<>(
            List.of("train", experiment().toString(), "--run", run.toString(), "--quiet"));
    words.addAll(List.of("--set", "train.report.every=1"));
    words.addAll(List.of(more));
    Called called = Called.with(words.toArray(String[]::new));
    assertThat(called.status()).as(called.err()).isZero();
    return run;
  }

  private static long stepOf(Path run) throws IOException {
    try (Stream<Path> steps = Files.list(run.resolve("steps"))) {
      return steps
          .map(step -> step.getFileName().toString())
          .filter(name -> name.matches("\\d+")) // another has not been renamed yet
          .mapToLong(Long::parseLong)
          .max()
          .orElse(0);
    }
  }

  private Path experiment() {
    try {
      return Tiny.write(folder, TRAINING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Double> losses(Path run) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode fields = new ObjectMapper().readTree(line);
      if (fields.has("lossNats")) {
        losses.add(fields.path("lossNats").asDouble());
      }
    }
    return losses;
  }

  private String worker() throws IOException {
    String address = "127.0.0.1:" + ProcessServer.freePort();
    Process process =
        Tiny.program(List.of("worker", "--listen", address, "--device", "cpu", "--threads", "1"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    workers.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("worker waits at " + address + "; Ctrl-C ends it");
    return address;
  }
}
