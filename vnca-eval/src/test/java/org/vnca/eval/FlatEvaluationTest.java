package org.vnca.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.trainer.ModelChoice;

/** The memory of an evaluation does not grow with images and samples. */
@Tag("slow")
class FlatEvaluationTest {
  private static final int FEW = 500;
  private static final int MANY = 60_000;

  /** A little more than an evaluation of a few images needs. */
  private static final int HEAP_MIB = 12;

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Path data = OwnData.write(folder.resolve("own.h5"), MANY);
    run = TinyRun.train(folder, OwnRun.DECODER, OwnRun.overrides(data, 2));
  }

  @Test
  void manyImages_needNoMoreHeapThanAFew() throws Exception {
    evaluate(FEW, 1);
    evaluate(MANY, 1);
    Path table = run.resolve("evaluation/iwae-test-step2-n1-images" + MANY + ".csv");
    try (Stream<String> lines = Files.lines(table)) {
      assertThat(lines.count()).isEqualTo(MANY + 2);
    }
  }

  @Test
  void manySamples_needNoMoreHeapThanAFew() throws Exception {
    evaluate(2, 200_000);
  }

  private static void evaluate(int images, int samples) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + HEAP_MIB + "m",
                // By default at most four heaps of memory in all, TensorFlow's among them.
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                FlatEvaluationTest.class.getName(),
                run.toString(),
                Integer.toString(images),
                Integer.toString(samples))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    System.out.print(
        output.lines().filter(line -> line.startsWith("measured")).findFirst().orElse("") + "\n");
    assertThat(output).contains("measured " + images + " images");
  }

  /** Runs in the small heap: run, images, samples. */
  public static void main(String[] arguments) {
    EvaluationReport report =
        Evaluation.of(
            Path.of(arguments[0]),
            new Evaluation.Options(
                ModelChoice.of("latest"),
                Unfinished.KEEP,
                Optional.empty(),
                Optional.of(List.of(Integer.valueOf(arguments[2]))),
                Optional.of(Integer.parseInt(arguments[1])),
                Optional.of(512)),
            TinyRun.watch());
    System.out.printf("measured %d images in %.1f s%n", report.images(), report.seconds());
  }
}
