package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in {@code bench/}, with stand-ins for the programs that they measure. */
class BenchScriptsTest {
  private static final Path BENCH = Path.of("../bench").toAbsolutePath().normalize();

  @TempDir Path folder;

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

  /** What a process said and how it ended. */
  private record Ran(int status, String out, String err) {}

  private Ran python(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-B"));
    command.addAll(List.of(words));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
