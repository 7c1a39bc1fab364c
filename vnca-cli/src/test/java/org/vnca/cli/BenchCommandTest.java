package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
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
          "train.device=cpu",
          "--batch",
          "4");

  @ParameterizedTest
  @CsvSource({"train,4", "evaluate,4", "sample,4", "import,10000"})
  void bench_ofEachPath_answersOneObject(String what, int batch) {
    JsonNode json = bench("--what", what, "--image", "28x28x1").json();
    assertThat(json.path("what").asText()).isEqualTo(what);
    assertThat(json.path("batch").asInt()).isEqualTo(batch);
    assertThat(json.path("secondsPerStep").asDouble()).isPositive();
    assertThat(json.path("secondsLeast").asDouble())
        .isLessThanOrEqualTo(json.path("secondsPerStep").asDouble());
    assertThat(json.path("firstStepSeconds").asDouble())
        .isGreaterThan(json.path("buildSeconds").asDouble());
    boolean graph = !what.equals("import");
    assertThat(json.path("modelFlopsPerStep").asLong() > 0).isEqualTo(graph);
    assertThat(json.path("matmulGflopsPerSecond").asDouble() > 1).isEqualTo(graph);
    assertThat(json.has("peakMemoryBytes")).isTrue();
  }

  @Test
  void wrongWords_areNamed() {
    Called what = bench("--what", "walk");
    assertThat(what.status()).isEqualTo(2);
    assertThat(what.err())
        .contains("--what must be one of train, evaluate, sample, import, but is 'walk'");
    Called image = bench("--image", "32");
    assertThat(image.status()).isEqualTo(2);
    assertThat(image.err()).contains("--image must be HEIGHTxWIDTHxCHANNELS");
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
