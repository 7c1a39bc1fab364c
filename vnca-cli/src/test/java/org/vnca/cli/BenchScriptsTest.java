package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in {@code bench/}, with stand-ins for the programs that they measure. */
class BenchScriptsTest {
  private static final Path BENCH = Path.of("../bench").toAbsolutePath().normalize();

  @TempDir Path folder;
  private Map<String, String> environment = Map.of();

  @BeforeAll
  static void needsPython() throws Exception {
    assumeTrue(exists("python3"), "there is no python3");
  }

  private static boolean exists(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "-c", "import sys; sys.exit(sys.version_info < (3, 9))")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OOM when allocating tensor | out of memory",
        "x.data; No space left on device\\nHint: when OOM happens, add | exit status 1: Hint: when OOM happens, add",
        "vnca: the disk is full (x.data; No space left on device) | exit status 1: vnca: the disk is full (x.data; No space left on device)",
        "RESOURCE_EXHAUSTED: x.data; No space left on device | exit status 1: RESOURCE_EXHAUSTED: x.data; No space left on device",
      })
  void failure_isLackOfMemory_onlyWhereItIs(String said, String reason) throws Exception {
    Ran ran =
        python(
            "-c",
            "import sys; sys.path.insert(0, sys.argv[1]); import measure;"
                + " print(measure.reason(1, ['', sys.argv[2].replace('\\\\n', '\\n')]))",
            BENCH.toString(),
            said);
    assertThat(ran.out()).isEqualTo(reason + "\n");
  }

  /** Matrices take 64 MiB and more, and are measured after the timed steps. */
  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "sample"})
  void peakMemory_isThatBeforeTheMatrices(String what) throws Exception {
    Path tiny = Tiny.write(folder, "train: {batch: 4, device: cpu}\nevaluation: {batch: 4}\n");
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "the system does not tell the memory");
    List<String> words =
        new ArrayList<>(
            List.of(
                "-c",
                "import sys; sys.path.insert(0, sys.argv[1]); import measure;"
                    + " ran = measure.run(sys.argv[2:], 120);"
                    + " print(ran['processBytes'] - ran['peakMemoryBytes'])",
                BENCH.toString()));
    words.addAll(
        Tiny.program(List.of("bench", tiny.toString(), "--what", what, "--json", "--runs", "1"))
            .command());
    Ran ran = python(words.toArray(String[]::new));
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(Long.parseLong(ran.out().strip())).isGreaterThan(32 << 20);
  }

  /** A program that answers whatever it is asked, and ends with this status. */
  private String standIn(String name, int status, long flops) throws IOException {
    Path program =
        Files.writeString(
            folder.resolve(name),
            """
            #!/bin/sh
            echo '{"secondsPerStep": 2, "gflopsPerSecond": 1, "modelFlopsPerStep": %d}'
            case $1 in -c|--version) exit 0 ;; esac
            exit %d
            """
                .formatted(flops, status));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program.toString();
  }

  private Ran script(String name, String vnca, String yardstick, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(BENCH.resolve(name).toString()));
    all.addAll(List.of("--torch", Files.writeString(folder.resolve("step.py"), "").toString()));
    all.addAll(List.of(words));
    environment = Map.of("VNCA", vnca, "VNCA_PYTHON", yardstick);
    return python(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"1000,''", "1009,''", "1011,not the same work: 1.01", "48,not the same work: 0.05"})
  void againstTorch_saysWhereTheWorkIsNotTheSame(long flops, String said) throws Exception {
    Ran ran =
        script(
            "against-torch.py",
            standIn("vnca", 0, 1000),
            standIn("torch", 0, flops),
            "--pairs",
            "1",
            "--case",
            "doubling",
            "--variant",
            "default");
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("1.00 (1.00 to 1.00)").contains(said);
    assertThat(ran.out().contains("not the same work")).isEqualTo(!said.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "mnist-doubling,1009,true",
    "mnist-doubling,1011,false",
    "celeba-damage,951,true",
    "celeba-damage,940,false"
  })
  void gpu_leavesOtherWorkOutOfItsConclusions(String experiment, long flops, boolean same)
      throws Exception {
    Ran ran =
        script(
            "gpu.py",
            standIn("vnca", 0, 1000),
            standIn("torch", 0, flops),
            "--batch",
            "4",
            "--only",
            experiment + " batch 4 float32 (store|eager.checkpoint)$",
            "--out",
            folder.resolve("results").toString());
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out().contains("not the same work")).isEqualTo(!same);
    assertThat(ran.out().contains("the fastest of 1 yardsticks")).isEqualTo(same);
  }

  @Test
  void againstTorch_ofFailedRowsOnly_exits1() throws Exception {
    Ran ran =
        script("against-torch.py", standIn("vnca", 3, 1), standIn("torch", 0, 1), "--pairs", "1");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).endsWith("\nagainst-torch: every row failed; the rows say why\n");
  }

  @Test
  void againstTorch_wrongWords_areRefusedBeforeAnythingRuns() throws Exception {
    String absent = folder.resolve("absent").toString();
    Ran pairs = script("against-torch.py", absent, absent, "--pairs", "0");
    assertThat(pairs.status()).isEqualTo(2);
    assertThat(pairs.err()).endsWith("argument --pairs: must be at least 1, but is 0\n");
    Ran out = script("against-torch.py", absent, absent, "--out", absent + "/x.jsonl");
    assertThat(out.status()).isEqualTo(1);
    assertThat(out.err())
        .isEqualTo(
            "against-torch: %s/x.jsonl cannot be written: No such file or directory%n"
                .formatted(absent));
  }

  @Test
  void againstAuthors_saysWhatItNeeds() throws Exception {
    String script = BENCH.resolve("against-authors.py").toString();
    Ran nothing = python(script);
    assertThat(nothing.status()).isEqualTo(1);
    assertThat(nothing.err()).startsWith("against-authors: --authors DIR and --data FILE.h5");
    Ran noData = python(script, "--authors", folder.toString(), "--data", folder + "/none.h5");
    assertThat(noData.status()).isEqualTo(1);
    assertThat(noData.err())
        .startsWith("against-authors: there is no " + folder + "/none.h5; make it with: vnca data");
  }

  /** What a process said and how it ended. */
  private record Ran(int status, String out, String err) {}

  private Ran python(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-B"));
    command.addAll(List.of(words));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
