package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
  @TempDir Path folder;

  private static final List<String> SMALL =
      List.of(
          "bench",
          "../experiments/mnist-damage.yaml",
          "--json",
          "--runs",
          "2",
          "--set",
          "model.latent=4",
          "--set",
          "model.encoder.filters=2",
          "--set",
          "model.decoder.update.hidden=4",
          "--set",
          "model.decoder.steps={min: 1, max: 9, evaluation: 2}",
          "--set",
          "train.pool.size=5",
          "--set",
          "train.batch=4",
          "--set",
          "evaluation.batch=4",
          "--set",
          "train.device=cpu");

  @ParameterizedTest
  @CsvSource({"train,4", "evaluate,4", "sample,4", "import,10000"})
  void bench_ofEachPath_answersOneObject(String what, int images) {
    JsonNode json = bench("--what", what, "--image", "28x28x1").json();
    assertThat(json.path("what").asText()).isEqualTo(what);
    assertThat(json.path("batch").asInt()).isEqualTo(4);
    assertThat(json.path("imagesPerStep").asInt()).isEqualTo(images);
    assertThat(json.path("imagesPerSecond").asDouble())
        .isCloseTo(images / json.path("secondsPerStep").asDouble(), withinPercentage(0.01));
    assertThat(json.path("secondsPerStep").asDouble()).isPositive();
    assertThat(json.path("secondsLeast").asDouble())
        .isLessThanOrEqualTo(json.path("secondsPerStep").asDouble());
    assertThat(json.path("firstStepSeconds").asDouble())
        .isGreaterThan(json.path("buildSeconds").asDouble());
    boolean graph = !what.equals("import");
    assertThat(json.path("modelFlopsPerStep").asLong() > 0).isEqualTo(graph);
    assertThat(json.path("matmulGflopsPerSecond").asDouble() > 1).isEqualTo(graph);
    assertThat(json.has("peakMemoryBytes")).isTrue();
    assertThat(json.path("precision").asText()).isEqualTo("float32");
    assertThat(json.path("peakDeviceMemoryBytes").has("CPU:0")).isEqualTo(graph);
  }

  @Test
  void deviceMemory_holdsWeightsAndMoments_andGrowsWithTheStates() {
    // The last --set of a key counts. TensorFlow's CPU allocator leaves small tensors out.
    String filters = "model.encoder.filters=16";
    JsonNode few = bench("--set", filters).json();
    JsonNode many = bench("--set", filters, "--batch", "15").json();
    long variables = 3 * 4 * few.path("parameters").asLong();
    assertThat(few.path("peakDeviceMemoryBytes").path("CPU:0").asLong())
        .isGreaterThan(variables * 9 / 10);
    // 11 further images, two states of 32 x 32 x 4 numbers each
    assertThat(many.path("peakDeviceMemoryBytes").path("CPU:0").asLong())
        .isGreaterThan(
            few.path("peakDeviceMemoryBytes").path("CPU:0").asLong() + 11 * 2 * 32 * 32 * 4 * 4);
  }

  /** Of all samples of an image at once, and of the images that one run of the graph draws. */
  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "sample"})
  void deviceMemory_ofWhatDecodes_growsWithTheStates(String what) {
    long few = peakOfDecoding(what, 4);
    // 8 further decodings, a state and a hidden map of 32 x 32 x 32 numbers each
    assertThat(peakOfDecoding(what, 12)).isGreaterThan(few + 8 * 2 * 32 * 32 * 32 * 4);
  }

  private static long peakOfDecoding(String what, int batch) {
    return bench(
            "--what",
            what,
            "--set",
            "model.decoder.update.hidden=32",
            "--set",
            "model.latent=32",
            "--batch",
            Integer.toString(batch))
        .json()
        .path("peakDeviceMemoryBytes")
        .path("CPU:0")
        .asLong();
  }

  /** Not all steps at once, which the loops would do if nothing made them wait. */
  @Test
  void recompute_holdsTheActivationsOfOneStepOnly() {
    long map = 8L * 32 * 32 * 32 * 4;
    // A step's activations are nine maps, and there are eight steps.
    assertThat(peakOfRollout("store", 8, 8) - peakOfRollout("recompute", 8, 8))
        .isGreaterThan(5 * 9 * map);
  }

  /**
   * What is kept of a batch of 32 is that of one micro-batch of 8 after the other: not four times
   * as much. How far one has begun when another ends is up to the scheduler: twice is left to it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"store", "recompute"})
  void batch_isTakenInMicroBatches(String memory) {
    long map = 8L * 32 * 32 * 32 * 4;
    long kept = peakOfRollout(memory, 8, 8);
    assertThat(kept).isGreaterThan(8 * map);
    assertThat(peakOfRollout(memory, 32, 8)).isLessThan(2 * kept);
  }

  private long peakOfRollout(String memory, int batch, int steps) {
    return bench(
            "--set",
            "model.decoder.steps={min: %1$d, max: %1$d, evaluation: %1$d}".formatted(steps),
            "--set",
            "model.decoder.update={type: residual, hidden: 32, blocks: 4}",
            "--set",
            "model.latent=32",
            "--batch",
            Integer.toString(batch),
            "--set",
            "train.memory=" + memory)
        .json()
        .path("peakDeviceMemoryBytes")
        .path("CPU:0")
        .asLong();
  }

  @Test
  void trace_isATableOfOperations() throws IOException {
    Path file = folder.resolve("trace.json");
    JsonNode json = bench("--trace", file.toString(), "--set", "train.precision=bfloat16").json();
    assertThat(json.path("precision").asText()).isEqualTo("bfloat16");
    JsonNode trace = new ObjectMapper().readTree(Files.readString(file));
    List<String> names = trace.path("operations").findValuesAsText("operation");
    assertThat(names).doesNotHaveDuplicates().contains("Cast", "TensorListPushBack");
    double share = 0;
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode row : trace.path("operations")) {
      assertThat(row.path("count").asLong()).isPositive();
      assertThat(row.path("milliseconds").asDouble()).isBetween(0.0, before);
      before = row.path("milliseconds").asDouble();
      share += row.path("share").asDouble();
    }
    assertThat(share).isCloseTo(1, within(1e-6));
  }

  @Test
  void trace_ofWhatIsNoTraining_isRefused() {
    Called called = bench("--what", "sample", "--trace", folder.resolve("t.json").toString());
    assertThat(called.status()).isEqualTo(2);
    assertThat(called.err()).contains("--trace is for the training step only");
    assertThat(folder.resolve("t.json")).doesNotExist();
  }

  @Test
  void import_saysWhatItDoes_andNothingOfAGraph() {
    List<String> words = new ArrayList<>(SMALL);
    words.remove("--json");
    words.addAll(List.of("--what", "import", "--image", "8x8x1", "--batch", "7"));
    Called called = Called.with(words.toArray(String[]::new));
    assertThat(called.out())
        .startsWith("mnist-damage, import, 10,000 images written, and read in batches of 7, on CPU")
        .doesNotContain("graph", "float32");
    assertThat(bench("--what", "import", "--batch", "10001").err())
        .isEqualTo(
            "vnca: import reads back the 10000 images that it writes, so a batch has at most that many, but --batch or train.batch is 10001\n");
  }

  @Test
  void trace_thatCannotBeWritten_isNamed_andTheMeasurementIsNotLost() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full");
    Called called = bench("--trace", full.toString());
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.err()).endsWith("\nvnca: /dev/full: No space left on device\n");
    assertThat(called.json().path("secondsPerStep").asDouble()).isPositive();
  }

  @Test
  void batch_thatNoArrayHolds_isRefused() {
    Called called = bench("--image", "28x28x1", "--batch", "100000000");
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.err())
        .isEqualTo(
            "vnca: a batch of images of 28x28x1 has at most 2739137, the bytes of an array, but --batch or train.batch is 100000000\n");
  }

  @Test
  void wrongWords_areNamed() {
    Called what = bench("--what", "walk");
    assertThat(what.status()).isEqualTo(2);
    assertThat(what.err())
        .contains("--what must be one of train, evaluate, sample, import, but is 'walk'");
    for (String shape : List.of("32", "0x0x1", "8x08x1")) {
      Called image = bench("--image", shape);
      assertThat(image.status()).isEqualTo(2);
      assertThat(image.err()).contains("--image must be HEIGHTxWIDTHxCHANNELS");
    }
  }

  @Test
  void unknownSize_isAskedFor() {
    Called called = bench("--set", "data.pad-to=0", "--set", "data.file=nowhere.h5");
    assertThat(called.status()).isEqualTo(1);
    assertThat(called.err())
        .contains("neither nowhere.h5 nor data.pad-to tells how large the images are");
  }

  private static Called bench(String... more) {
    List<String> words = new ArrayList<>(SMALL);
    words.addAll(List.of(more));
    return Called.with(words.toArray(String[]::new));
  }
}
