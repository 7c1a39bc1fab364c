package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Sweeps of tiny models, in real processes. */
class SweepCommandTest {
  private static final String TRAINING =
      """
      train:
        steps: 4
        batch: 4
        device: cpu
        validation: {every: 2, images: 8}
        images: {every: 0}
      evaluation: {samples: 2, images: 6, after-training: true}
      """;

  @TempDir Path folder;
  private Path file;
  private Path runs;

  @BeforeEach
  void write() throws IOException {
    Tiny.write(folder, TRAINING);
    file = folder.resolve("sweep.yaml");
    runs = folder.resolve("runs");
    grid("{train.batch: [4], seed: [1, 2]}");
  }

  private void grid(String grid) throws IOException {
    Files.writeString(file, "name: My_sweep\nexperiment: tiny.yaml\ngrid: " + grid + "\n");
  }

  private Called sweep(String... more) {
    return Called.with(
        Stream.concat(
                List.of("sweep", file.toString(), "--dir", runs.toString()).stream(),
                List.of(more).stream())
            .toArray(String[]::new));
  }

  /** The same by a process whose directory holds the sweep. */
  private Called inFolder(String... more) throws Exception {
    return inFolder(List.of(), more);
  }

  private Called inFolder(List<Path> jars, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("sweep", "sweep.yaml", "--dir"));
    words.add(folder.relativize(runs).toString());
    words.addAll(List.of(more));
    Path err = folder.resolve("err");
    ProcessBuilder program =
        Tiny.program(words).directory(folder.toFile()).redirectError(err.toFile());
    if (!jars.isEmpty()) {
      String classpath =
          jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
      program.command().add(1, "-Dvnca.classpath=" + classpath);
    }
    Process process = program.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Called(process.waitFor(), out, Files.readString(err));
  }

  private static List<String> texts(JsonNode list, String field) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(item -> item.path(field).asText())
        .toList();
  }

  @Test
  void sweep_trainsEveryPoint_meansAreOverSeeds_andAgainAddsOnlyWhatIsNew() throws IOException {
    JsonNode first = sweep("--jobs", "2", "--json").json();
    assertThat(texts(first.path("results"), "ending")).containsExactly("finished", "finished");
    assertThat(texts(first.path("points"), "name"))
        .containsExactly("batch=4,seed=1", "batch=4,seed=2");
    assertThat(texts(first.path("points"), "state")).containsOnly("finished");
    JsonNode listed = first.path("listing").path("runs");
    double one = listed.get(0).path("evaluation").path("nats").asDouble();
    double two = listed.get(1).path("evaluation").path("nats").asDouble();
    JsonNode mean = first.path("means").get(0);
    assertThat(one).isNegative().isNotEqualTo(two);
    assertThat(mean.path("measure").path("kind").asText()).isEqualTo("evaluation");
    assertThat(mean.path("measure").path("samples").asInt()).isEqualTo(2);
    assertThat(mean.path("nats").asDouble()).isCloseTo((one + two) / 2, within(1e-9));
    // The standard error of two numbers is half of their distance.
    assertThat(mean.path("natsStandardError").asDouble())
        .isCloseTo(Math.abs(one - two) / 2, within(1e-9));
    assertThat(runs.resolve("logs/batch=4,seed=2.log")).content().contains("trained to step 4");

    // The same training alone gives the same weights, to the last bit.
    Path alone = folder.resolve("alone");
    Called train =
        Called.with(
            "train",
            folder + "/tiny.yaml",
            "--run",
            alone.toString(),
            "--set",
            "seed=2",
            "--set",
            "train.batch=4");
    assertThat(train.status()).as(train.err()).isZero();
    assertThat(alone.resolve("steps/4/variables.data-00000-of-00001"))
        .hasSameBinaryContentAs(
            runs.resolve("batch=4,seed=2/steps/4/variables.data-00000-of-00001"));

    grid("{train.batch: [4], seed: [3, 1, 2]}");
    Called third = sweep();
    assertThat(third.status()).as(third.err()).isZero();
    assertThat(third.err())
        .contains(
            "point 0 of 3, batch=4,seed=3: started",
            "point 1 of 3, batch=4,seed=1: finished before");
    assertThat(third.out())
        .contains("Mean over seeds, finished runs only")
        .containsPattern("4 +3 of 3 +-\\d+\\.\\d\\d +\\d+\\.\\d\\d +evaluation \\(test, n = 2, 6 ");
    assertThat(third.out().lines()).last().isEqualTo(runs.toString());

    Tiny.write(folder, TRAINING.replace("steps: 4", "steps: 5"));
    Called changed = sweep();
    assertThat(changed.status()).isEqualTo(1);
    assertThat(changed.err())
        .startsWith("vnca: " + runs + "/batch=4,seed=3 has train.steps 4, but the sweep now says 5")
        .hasLineCount(1);
  }

  @Test
  void aFailingPoint_isNamed_theOthersAreTrained_andTheStatusIs1() throws IOException {
    grid("{train.optimizer.learning-rate: [1e30, 1e-3]}");
    Called called = sweep("--json");
    assertThat(called.status()).isEqualTo(1);
    JsonNode results = called.json().path("results");
    assertThat(texts(results, "ending")).containsExactly("failed", "finished");
    assertThat(results.get(0).path("fault").asText()).contains("is not finite");
    assertThat(called.json().path("means")).isEmpty();
    assertThat(called.err().lines())
        .last()
        .asString()
        .startsWith("vnca: 1 of 2 points are finished; 1 failed, first learning-rate=1e30: loss ")
        .endsWith("; go on with: ./vnca sweep " + file + " --dir " + runs + " --json");
  }

  @Test
  void only_runsOnePoint_andListRunsNone() {
    JsonNode listed = sweep("--list", "--json").json();
    assertThat(texts(listed.path("points"), "state")).containsExactly("missing", "missing");
    assertThat(runs).doesNotExist();
    Called only = sweep("--only", "1");
    assertThat(only.status()).as(only.err()).isZero();
    assertThat(only.err()).contains("step 4: validation bound");
    assertThat(only.out()).contains("batch=4,seed=2  finished").doesNotContain("seed=1");
    assertThat(Called.with("runs", folder.toString()).out())
        .isEqualTo(
            "no runs in %1$s itself, but below it (sweeps, perhaps):%n  ./vnca runs %2$s%n"
                .formatted(folder, runs));
    assertThat(sweep("--list").out())
        .contains("0      batch=4,seed=1  missing", "1      batch=4,seed=2  finished");
    Called beyond = sweep("--only", "2");
    assertThat(beyond.status()).isEqualTo(2);
    assertThat(beyond.err()).startsWith("vnca: --only must be at most 1, but is '2'");
  }

  /** Tasks of a job array that begin together see each other's half-made places. */
  @Test
  void onePoint_isTrained_whateverLiesInAnothersPlace() throws IOException {
    Path other = Files.createDirectories(runs.resolve("batch=4,seed=2"));
    Files.writeString(other.resolve("notes.txt"), "mine");
    Called one = sweep("--only", "0");
    assertThat(one.status()).as(one.err()).isZero();
    Called all = sweep();
    assertThat(all.status()).isEqualTo(1);
    assertThat(all.err()).contains(other + " is in the way: it is no run of this sweep");
  }

  @Test
  void twoProcessesAtOnce_shareThePoints_eachTrainedOnce() throws Exception {
    List<Process> sweeps = new ArrayList<>();
    for (int each = 0; each < 2; each++) {
      sweeps.add(
          Tiny.program(List.of("sweep", file.toString(), "--dir", runs.toString()))
              .redirectOutput(folder.resolve("out" + each).toFile())
              .redirectError(folder.resolve("err" + each).toFile())
              .start());
    }
    for (int each = 0; each < 2; each++) {
      int status = sweeps.get(each).waitFor();
      Path err = folder.resolve("err" + each);
      assertThat(err).content().doesNotContain("failed");
      // The one that had a point to leave to the other says so.
      if (status != 0) {
        assertThat(err)
            .content()
            // Who has only just locked a point has not written yet which process it is.
            .containsPattern(
                "point \\d of 2, batch=4,seed=[12]: left to (process \\d+ on |another process\n)")
            .containsPattern("\nvnca: [01] of 2 points are finished; [12] left to others, first ");
      }
    }
    for (String point : List.of("batch=4,seed=1", "batch=4,seed=2")) {
      assertThat(Files.readString(runs.resolve("logs/" + point + ".log")).split("trained to step"))
          .hasSize(2);
    }
    Called listed = sweep("--list");
    assertThat(listed.out()).contains("seed=1  finished", "seed=2  finished");
  }

  @Test
  void stopped_savesEveryRun_andTheSameCommandGoesOn() throws Exception {
    Tiny.write(folder, TRAINING.replace("steps: 4", "steps: 100000"));
    Process process =
        Tiny.program(List.of("sweep", file.toString(), "--dir", runs.toString(), "--jobs", "2"))
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    List<Path> both = List.of(runs.resolve("batch=4,seed=1"), runs.resolve("batch=4,seed=2"));
    while (process.isAlive() && !both.stream().allMatch(SweepCommandTest::reports)) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    process.destroy();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(folder.resolve("err"))
        .content()
        .contains(
            "vnca: 0 of 2 points are finished; 2 stopped or not begun; go on with: ./vnca sweep "
                + file);
    assertThat(both).allMatch(run -> Files.exists(run.resolve("latest")));

    Called listed = sweep("--list");
    assertThat(listed.status()).as(listed.err()).isZero();
    assertThat(listed.out()).contains("batch=4,seed=1  unfinished", "batch=4,seed=2  unfinished");
  }

  private static boolean reports(Path run) {
    try {
      Path metrics = run.resolve("metrics.jsonl");
      return Files.exists(metrics) && Files.size(metrics) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void dataThatDoNotSuit_areRefusedBeforeAnythingRuns() throws IOException {
    grid("{data.file: ['embedded:digits', none.h5]}");
    Called missing = sweep();
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err())
        .startsWith("vnca: %s:3: data.file: dataset none.h5 does not exist".formatted(file))
        .endsWith(" (point 1: data.file=none.h5)\n");
    grid("{data.pad-to: [32, 0]}");
    assertThat(sweep().err())
        .startsWith("vnca: %s/tiny.yaml:6: model.decoder ".formatted(folder))
        .contains("must make images of the data's size, 28x28x1", "(point 1: data.pad-to=0)");
    assertThat(runs).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--print pbs | --print must be one of slurm, kubernetes, but is 'pbs'",
        "--print slurm --only 1 | --only and --print do not go together",
        "--list --only 1 | --only and --list do not go together",
        "--jobs 2 --only 1 | --jobs and --only do not go together",
        "--list --jobs 2 | --jobs and --list do not go together",
        "--image x | --image goes with --print kubernetes only",
        "--jobs 0 | --jobs must be a whole number of at least 1, but is '0'",
        "--only -1 | --only must be a whole number of at least 0, but is '-1'",
      })
  void wrongWords_exit2(String words, String fault) {
    Called called = sweep(words.split(" ", -1));
    assertThat(called.err()).startsWith("vnca: " + fault);
    assertThat(called.status()).isEqualTo(2);
    assertThat(runs).doesNotExist();
  }

  @Test
  void slurm_isAScriptThatBashReads_andRunsThePointOfItsTask() throws Exception {
    grid("{train.batch: [4, 8], seed: [1, 2, 3]}");
    Called called = slurmOfRelativePaths();
    assertThat(called.status()).as(called.err()).isZero();
    String script = called.out();
    assertThat(script)
        .startsWith("#!/bin/bash\n")
        .contains("#SBATCH --array=0-5\n", "#SBATCH --job-name=My_sweep\n");
    assertThat(sweep("--print", "slurm", "--jobs", "2").out()).contains("#SBATCH --array=0-5%2\n");
    assertThat(runs).doesNotExist();

    Path job = Files.writeString(folder.resolve("job.sh"), script);
    assertThat(bash(folder, "bash", "-n", job.toString())).isEmpty();
    // A stand-in for the program says where and with which words it is called.
    Path program =
        Files.writeString(folder.resolve("vnca"), "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    assertThat(bash(elsewhere, "env", "SLURM_ARRAY_TASK_ID=4", "bash", job.toString()))
        .isEqualTo("%s|sweep|%s|--dir|%s|--only|4|--quiet|".formatted(HERE, file, runs));
  }

  private static final Path HERE = Path.of("").toAbsolutePath();

  /** As a person calls it; the launcher says where the program is. */
  private Called slurmOfRelativePaths(String... more) {
    System.setProperty("vnca.home", folder.toString());
    try {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "sweep",
                  HERE.relativize(file).toString(),
                  "--dir",
                  HERE.relativize(runs).toString(),
                  "--print",
                  "slurm"));
      words.addAll(List.of(more));
      return Called.with(words.toArray(String[]::new));
    } finally {
      System.clearProperty("vnca.home");
    }
  }

  /** Slurm's own default refuses an array with a number above 1000. */
  @Test
  void slurm_ofManyPoints_isSeveralArrays_thatRunEachPointOnce() throws Exception {
    grid("{seed: [" + numbers(1001) + "]}");
    Called one = sweep("--print", "slurm");
    assertThat(one.out()).contains("#SBATCH --array=0-1000\n");
    assertThat(one.err()).isEmpty();

    grid("{train.batch: [4, 8], seed: [" + numbers(1050) + "]}");
    Called several = slurmOfRelativePaths("--jobs", "9");
    assertThat(several.status()).as(several.err()).isZero();
    assertThat(several.err())
        .startsWith("vnca: 2100 points are too many for one array of Slurm's; submit ");
    assertThat(several.out()).doesNotContain("#SBATCH --array");
    Path job = Files.writeString(folder.resolve("job.sh"), several.out());
    Path program = Files.writeString(folder.resolve("vnca"), "#!/bin/sh\nprintf '%s|' \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    List<String> submissions =
        several.out().lines().filter(line -> line.startsWith("#   sbatch ")).toList();
    assertThat(submissions)
        .containsExactly(
            "#   sbatch --array=0-999%3 job.sh 0",
            "#   sbatch --array=0-999%3 job.sh 1000", "#   sbatch --array=0-99%3 job.sh 2000");
    assertThat(bash(folder, "env", "SLURM_ARRAY_TASK_ID=99", "bash", job.toString(), "2000"))
        .isEqualTo("sweep|%s|--dir|%s|--only|2099|--quiet|".formatted(file, runs));
    Process unguided = new ProcessBuilder("bash", job.toString()).start();
    assertThat(unguided.waitFor()).isNotZero();
    assertThat(unguided.errorReader().readLine()).contains("give the number of the first point");
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"slurm", "kubernetes"})
  void print_checksAsARunDoes_butDataMayBeElsewhere(String kind) throws Exception {
    grid("{data.file: ['embedded:digits', none.h5, none2.h5], seed: [1, 2]}");
    Called absent = inFolder("--print", kind);
    assertThat(absent.status()).as(absent.err()).isZero();
    assertThat(absent.err().lines())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("vnca: warning: dataset none.h5 does not exist here, ")
                    .endsWith(" (first at point 2, file=none.h5,seed=1)"),
            second -> assertThat(second).contains(" none2.h5 "));
    Files.writeString(folder.resolve("broken.h5"), "no HDF5");
    grid("{data.file: ['%s/broken.h5']}".formatted(folder));
    assertRefused(sweep("--print", kind), "data.file: ", " (point 0: data.file=");
    grid("{data.pad-to: [32, 0]}");
    assertRefused(
        sweep("--print", kind), "must make images of the data's size", "(point 1: data.pad-to=0)");
    grid("{train.batch: [4, 0]}");
    assertRefused(sweep("--print", kind), "batch must be at least 1", "(point 1: train.batch=0)");
    grid("{train.batch: [4]}");
    Path place = Files.createDirectories(runs.resolve("batch=4"));
    Files.writeString(place.resolve("notes.txt"), "mine");
    assertRefused(sweep("--print", kind), place + " is in the way");
  }

  private static void assertRefused(Called called, String... words) {
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.out()).isEmpty();
    assertThat(called.err()).hasLineCount(1).contains(words);
  }

  @Test
  void kubernetes_isAnIndexedJob_thatRunsThePointOfItsIndex() throws Exception {
    runs = folder.resolve("two words");
    Called called = inFolder("--print", "kubernetes", "--image", "registry/vnca:1", "--jobs", "9");
    assertThat(called.status()).as(called.err()).isZero();
    Map<String, Object> job = new Yaml().load(called.out());
    assertThat(job).containsEntry("apiVersion", "batch/v1").containsEntry("kind", "Job");
    Map<?, ?> spec = (Map<?, ?>) job.get("spec");
    assertThat(spec.get("completionMode")).isEqualTo("Indexed");
    assertThat(spec.get("completions")).isEqualTo(2);
    assertThat(spec.get("parallelism")).isEqualTo(2);
    assertThat(((Map<?, ?>) job.get("metadata")).get("generateName")).isEqualTo("my-sweep-");
    Map<?, ?> pod = (Map<?, ?>) ((Map<?, ?>) spec.get("template")).get("spec");
    assertThat(pod.get("restartPolicy")).isEqualTo("Never");
    Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
    assertThat(container.get("image")).isEqualTo("registry/vnca:1");
    List<?> command = (List<?>) container.get("command");
    Path program = Files.writeString(folder.resolve("vnca"), "#!/bin/sh\nprintf '%s|' \"$@\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(
            bash(
                folder,
                "env",
                "JOB_COMPLETION_INDEX=1",
                "PATH=" + folder + ":" + System.getenv("PATH"),
                command.get(0).toString(),
                command.get(1).toString(),
                command.get(2).toString()))
        .isEqualTo("sweep|%s|--dir|two words|--only|1|--quiet|".formatted(file.getFileName()));
    JsonNode json = inFolder("--print", "kubernetes", "--json").json();
    assertThat(json.path("points").asInt()).isEqualTo(2);
    assertThat(json.path("script").asText()).contains("image: \"IMAGE\"");
  }

  @Test
  void kubernetes_neverNamesAPlaceOfThisMachine() throws IOException {
    assertRefused(
        sweep("--print", "kubernetes"), file + " lies outside of ", "only what is in their volume");
    Path data = folder.resolve("digits.h5");
    try (var digits = org.vnca.data.ImageDataset.class.getResourceAsStream("digits.h5")) {
      Files.copy(digits, data);
    }
    grid("{data.file: ['%s']}".formatted(data));
    assertRefused(
        sweep("--print", "kubernetes"),
        data + " is a place of this machine",
        "(point 0: data.file=");
  }

  /** The launcher resolves relative jars in the directory that it is called in, which is /work. */
  @Test
  void kubernetes_namesJarsInTheVolume_andRefusesOthers() throws Exception {
    Path volume = folder.toRealPath();
    Path inside = jar(Files.createDirectories(volume.resolve("my jars")).resolve("a.jar"));
    Called called =
        inFolder(List.of(inside, jar(volume.resolve("b.jar"))), "--print", "kubernetes");
    assertThat(called.status()).as(called.err()).isZero();
    assertThat(container(called).get("env"))
        .isEqualTo(List.of(Map.of("name", "VNCA_CLASSPATH", "value", "my jars/a.jar:b.jar")));
    assertThat(called.out()).doesNotContain(volume.toString());
    Path outside = jar(Files.createTempDirectory("outside").resolve("c.jar"));
    try {
      assertRefused(
          inFolder(List.of(inside, outside), "--print", "kubernetes"),
          "vnca: " + outside + " of VNCA_CLASSPATH lies outside of " + volume,
          "copy the jar into that directory");
      Called slurm = inFolder(List.of(inside, outside), "--print", "slurm");
      assertThat(slurm.out()).contains("export VNCA_CLASSPATH='" + inside + ":" + outside + "'");
    } finally {
      Files.delete(outside);
      Files.delete(outside.getParent());
    }
    assertThat(container(inFolder("--print", "kubernetes")).get("env")).isNull();
  }

  private static Map<?, ?> container(Called printed) {
    Map<String, Object> job = new Yaml().load(printed.out());
    Map<?, ?> template = (Map<?, ?>) ((Map<?, ?>) job.get("spec")).get("template");
    return (Map<?, ?>) ((List<?>) ((Map<?, ?>) template.get("spec")).get("containers")).get(0);
  }

  private static Path jar(Path file) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("empty"));
      jar.closeEntry();
    }
    return file;
  }

  private static String bash(Path directory, String... words) throws Exception {
    Process process =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
