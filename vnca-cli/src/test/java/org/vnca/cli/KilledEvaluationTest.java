package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation in a process of its own that is killed by SIGKILL between two images. */
class KilledEvaluationTest {
  private static final String TRAINING =
      """
      train:
        steps: 20
        batch: 8
        device: cpu
        validation: {every: 20, images: 16}
        images: {every: 0}
      """;
  private static final int IMAGES = 300;
  private static final int MEASURED = 12;
  private static final List<String> WHAT =
      List.of("--samples", "3,128", "--images", Integer.toString(IMAGES), "--json");

  @TempDir Path folder;
  private Path run;

  @Test
  void killedAndResumed_theTableIsThatOfOneThatWasNot() throws Exception {
    run = folder.resolve("run");
    Path descriptor = Tiny.write(folder, TRAINING);
    assertThat(Called.with("train", descriptor.toString(), "--run", run.toString()).status())
        .isZero();
    Path table = run.resolve("evaluation/iwae-test-step20-n3-128-images" + IMAGES + ".csv");
    Path partial = table.resolveSibling(table.getFileName() + ".partial");

    killOnceThereAre(MEASURED, partial);
    byte[] left = Files.readAllBytes(partial);
    assertThat(table).doesNotExist();
    assertThat(images(partial)).isBetween(MEASURED, IMAGES - 1);

    Called refused = evaluate();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(" images of an evaluation that has not ended; add --resume");
    assertThat(partial).hasBinaryContent(left);

    Called resumed = evaluate("--resume");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    byte[] whole = Files.readAllBytes(table);
    assertThat(partial).doesNotExist();

    Called otherBatch = resumedFrom(left, partial, "--resume", "--batch", "200");
    assertSameNumbers(
        Files.readAllLines(table), new String(whole, StandardCharsets.UTF_8).lines().toList());
    assertThat(otherBatch.json().path("nats").asDouble())
        .isCloseTo(resumed.json().path("nats").asDouble(), within(1e-3));

    Called uninterrupted = evaluate();
    assertThat(table).hasBinaryContent(whole);
    for (String figure : List.of("nats", "natsStandardError", "elboNats", "klNats")) {
      assertThat(uninterrupted.json().path(figure)).isEqualTo(resumed.json().path(figure));
    }
  }

  private Called resumedFrom(byte[] left, Path partial, String... more) throws IOException {
    Files.write(partial, left);
    Called called = evaluate(more);
    assertThat(called.status()).as(called.err()).isZero();
    return called;
  }

  private Called evaluate(String... more) {
    return Called.with(words(more).toArray(String[]::new));
  }

  private List<String> words(String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", run.toString()));
    words.addAll(WHAT);
    words.addAll(List.of(more));
    return words;
  }

  private void killOnceThereAre(int images, Path partial) throws Exception {
    Process process =
        Tiny.program(words())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      while (process.isAlive() && images(partial) < images) {
        process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("err"))).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Lines behind the first two. */
  private static int images(Path table) throws IOException {
    return Files.exists(table) ? Math.max(0, Files.readAllLines(table).size() - 2) : 0;
  }

  /** Not the same bits: a larger batch adds in another order. */
  private static void assertSameNumbers(List<String> found, List<String> expected) {
    assertThat(found).hasSize(expected.size());
    assertThat(found.subList(0, 2)).isEqualTo(expected.subList(0, 2));
    for (int line = 2; line < found.size(); line++) {
      String[] numbers = found.get(line).split(",", -1);
      String[] others = expected.get(line).split(",", -1);
      assertThat(numbers[0]).isEqualTo(others[0]);
      for (int i = 1; i < numbers.length; i++) {
        assertThat(Double.parseDouble(numbers[i]))
            .as(found.get(line))
            .isCloseTo(Double.parseDouble(others[i]), within(2e-3));
      }
    }
  }
}
