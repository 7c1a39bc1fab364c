package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code train.xla} on a CPU, which TensorFlow compiles for with a flag in the environment only.
 */
class XlaTest {
  private static final String DESCRIPTOR =
      """
      data: {pad-to: 0}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: {doublings: 1, steps: 1, update: {hidden: 8, blocks: 1}}
      train: {batch: 4, device: cpu, threads: 2}
      """;

  @TempDir Path folder;

  @Test
  void trainingWithXla_isOneProgram_andHasTheSameLosses() throws Exception {
    List<String> lines = train();
    assertThat(lines).hasSize(2 * (XlaFork.STEPS + 1));
    List<String> without = lines.subList(0, lines.size() / 2);
    List<String> with = lines.subList(lines.size() / 2, lines.size());
    assertThat(operations(without)).contains("Elu", "TensorListPushBack").noneMatch(XlaTest::xla);
    // The loops and the lists that they carry are in the program; the optimizer is in a cluster.
    assertThat(operations(with))
        .contains("XlaLaunch", "_XlaCompile", "_XlaRun")
        .doesNotContain("Elu", "TensorListPushBack", "LoopCond", "ResourceApplyAdam");
    List<Double> expected = figures(without);
    List<Double> found = figures(with);
    assertThat(found).hasSameSizeAs(expected).hasSize(2 * XlaFork.STEPS);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-5 * expected.get(i)));
    }
  }

  /** What {@link XlaFork} prints, with the flag that lets XLA compile for a CPU. */
  private List<String> train() throws Exception {
    Path descriptor = Files.writeString(folder.resolve("tiny.yaml"), DESCRIPTOR);
    Path log = folder.resolve("fork.log");
    ProcessBuilder program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            XlaFork.class.getName(),
            descriptor.toString());
    program.environment().put("TF_XLA_FLAGS", "--tf_xla_cpu_global_jit");
    Process process = program.redirectError(log.toFile()).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("exit status; %s", Files.readString(log)).isZero();
    return lines;
  }

  private static List<String> operations(List<String> lines) {
    return List.of(lines.get(lines.size() - 1).split(" ", -1));
  }

  private static boolean xla(String operation) {
    return operation.startsWith("_Xla");
  }

  private static List<Double> figures(List<String> lines) {
    List<Double> figures = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      for (String figure : line.split(" ", -1)) {
        figures.add(Double.valueOf(figure));
      }
    }
    return figures;
  }
}
