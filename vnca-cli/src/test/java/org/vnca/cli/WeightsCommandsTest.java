package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsCommandsTest {
  private static final String EXPERIMENT = "../experiments/quickstart.yaml";

  @TempDir Path folder;

  private Path run;

  @BeforeEach
  void train() {
    run = folder.resolve("run");
    List<String> words = new ArrayList<>(List.of("train", EXPERIMENT, "--run", run.toString()));
    words.addAll(List.of(small(2)));
    assertThat(Called.with(words.toArray(String[]::new)).status()).isZero();
  }

  @Test
  void exported_andImported_isTheSameModel_whichGoesOn() throws IOException {
    Path file = folder.resolve("w.safetensors");
    JsonNode exported =
        called("weights", "export", run, "--out", file, "--checkpoint", "latest", "--json").json();
    assertThat(exported.path("step").asLong()).isEqualTo(2);
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .contains("nca.module.update_net.1.delegate.2.bias");
    Path imported = folder.resolve("imported");
    Called made = importing(file, imported);
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).contains("is at step 0").contains("./vnca resume");

    Path again = folder.resolve("again.safetensors");
    called("weights", "export", imported, "--out", again, "--module", "no");
    Path plain = folder.resolve("plain.safetensors");
    called("weights", "export", run, "--out", plain, "--module", "no", "--checkpoint", "latest");
    assertThat(tensors(again)).isEqualTo(tensors(plain)).isEqualTo(tensors(file));

    assertThat(Files.readString(imported.resolve("manifest.json")))
        .contains("\"weights\"")
        .contains("w.safetensors");
    double before = bound(run);
    assertThat(bound(imported)).isEqualTo(before);
    Called resumed = called("resume", imported);
    assertThat(resumed.status()).as(resumed.err()).isZero();
    JsonNode runs = called("runs", folder, "--json").json();
    assertThat(runs.toString()).contains("imported");
  }

  @Test
  void averageOfTheWeights_isExportedUnlessTheTrainedOnesAreAskedFor() throws IOException {
    called("resume", run, "--set", "train.steps=4", "--set", "train.average.decay=0.9");
    Path average = folder.resolve("average.safetensors");
    Path trained = folder.resolve("trained.safetensors");
    String[] latest = {"--checkpoint", "latest"};
    assertThat(
            called("weights", "export", run, "--out", average, latest[0], latest[1], "--json")
                .json()
                .path("weights")
                .asText())
        .isEqualTo("average");
    Called other =
        called(
            "weights",
            "export",
            run,
            "--out",
            trained,
            latest[0],
            latest[1],
            "--weights",
            "trained");
    assertThat(other.status()).as(other.err()).isZero();
    assertThat(tensors(average)).isNotEqualTo(tensors(trained));
    assertThat(Files.readString(average, StandardCharsets.ISO_8859_1))
        .contains("\"weights\":\"average\"");
    Path kept = folder.resolve("kept");
    assertThat(called("weights", "keep", run, "--out", kept, latest[0], latest[1]).status())
        .isZero();
    assertThat(evaluated(kept)).isEqualTo(evaluated(run));
    assertThat(evaluated(kept).path("weights").asText()).isEqualTo("average");
    assertThat(called("evaluate", kept, "--weights", "trained").err())
        .contains("was kept with the average of the weights alone; leave --weights out");
    Called page =
        called("playground", run, latest[0], latest[1], "--weights", "trained,float16", "--json");
    assertThat(page.status()).as(page.err()).isZero();
    assertThat(page.json().path("weights").asText()).isEqualTo("float16");
    assertThat(page.json().path("modelWeights").asText()).isEqualTo("trained");
    for (String wrong : List.of("float16,float32", "trained,", "half")) {
      assertThat(called("playground", run, "--weights", wrong).err())
          .contains(
              "--weights must be one of float32, float16, one of average, trained, or one of each with a comma between, but is '"
                  + wrong
                  + "'");
    }
    assertThat(called("sample", run, "--out", folder.resolve("a.png"), "--weights", "best").err())
        .contains("--weights must be one of average, trained, but is 'best'");
  }

  @Test
  void weightsOfAnotherModel_areNamed_andNoRunIsLeft() {
    Path file = folder.resolve("w.safetensors");
    called("weights", "export", run, "--out", file, "--checkpoint", "latest");
    Path imported = folder.resolve("imported");
    List<String> words =
        new ArrayList<>(
            List.of(
                "weights", "import", EXPERIMENT, file.toString(), "--run", imported.toString()));
    words.addAll(List.of(small(2)));
    words.addAll(
        List.of(
            "--set", "model.decoder.update.hidden=5", "--set", "model.decoder.update.blocks=2"));
    Called refused = Called.with(words.toArray(String[]::new));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("does not hold the weights of quickstart")
        .contains("nca.update_net.0.weight must be [5, 4, 3, 3], but is [4, 4, 3, 3]")
        .contains("change the descriptor or the file");
    assertThat(imported).doesNotExist();
  }

  @Test
  void keptRun_isMeasuredAsBefore_butNotResumed() throws IOException {
    Path kept = folder.resolve("kept");
    Called made = called("weights", "keep", run, "--out", kept);
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).contains("from step 2 of run");
    assertThat(bound(kept)).isEqualTo(bound(run));
    assertThat(variables(kept)).isLessThan(variables(run) / 2);
    assertThat(called("runs", folder, "--json").json().toString()).contains("kept");

    Called refused = called("resume", kept, "--set", "train.steps=4");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("kept with its weights alone")
        .contains("./vnca train " + kept.resolve("experiment.yaml") + " --weights " + kept);

    assertThat(called("weights", "keep", run, "--out", kept).err()).contains("is a run already");
    Called within = called("weights", "keep", run, "--out", run + "/kept");
    assertThat(within.err()).contains("/kept lies in the run " + run + "; name a place outside");
    assertThat(run.resolve("kept")).doesNotExist();
  }

  @Test
  void train_beginsWithTheWeightsOfARun() throws IOException {
    Path on = folder.resolve("on");
    Called begun = beginning(on, "train.optimizer.learning-rate=1e-30", "train.steps=1");
    assertThat(begun.status()).as(begun.err()).isZero();
    assertThat(bound(on)).isCloseTo(bound(run), within(1e-4));
    assertThat(Files.readString(on.resolve("manifest.json")))
        .contains("\"weights\"")
        .contains("run, step 2");
    assertThat(on.resolve("steps/0")).exists();

    Path other = folder.resolve("other");
    Called refused = beginning(other, "model.decoder.update.hidden=5");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("run does not have this model's weights")
        .contains("change the descriptor's model");
    assertThat(other).doesNotExist();
  }

  private Called beginning(Path on, String... settings) {
    List<String> words =
        new ArrayList<>(
            List.of("train", EXPERIMENT, "--run", on.toString(), "--weights", run.toString()));
    words.addAll(List.of(small(2)));
    for (String set : settings) {
      words.addAll(List.of("--set", set));
    }
    return Called.with(words.toArray(String[]::new));
  }

  private static long variables(Path run) throws IOException {
    return Files.size(run.resolve("steps/2/variables.data-00000-of-00001"));
  }

  private Called importing(Path file, Path imported) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "weights", "import", EXPERIMENT, file.toString(), "--run", imported.toString()));
    words.addAll(List.of(small(2)));
    return Called.with(words.toArray(String[]::new));
  }

  /** All that does not depend on where the run lies and when it was measured. */
  private static JsonNode evaluated(Path run) {
    Called called =
        called(
            "evaluate",
            run,
            "--images",
            4,
            "--samples",
            2,
            "--checkpoint",
            "latest",
            "--restart",
            "--json");
    ObjectNode answer = (ObjectNode) called.json();
    answer.remove(List.of("run", "seconds"));
    return answer;
  }

  private static double bound(Path run) {
    return called(
            "evaluate", run, "--images", 4, "--samples", 2, "--checkpoint", "latest", "--json")
        .json()
        .path("nats")
        .asDouble();
  }

  /** Everything behind the header. */
  private static byte[] tensors(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(bytes, 8 + (int) header, bytes.length);
  }

  private static Called called(Object... words) {
    return Called.with(Arrays.stream(words).map(String::valueOf).toArray(String[]::new));
  }

  private static String[] small(int steps) {
    List<String> words = new ArrayList<>();
    for (String set :
        List.of(
            "model.latent=4",
            "model.encoder.filters=2",
            "model.decoder.steps=1",
            "model.decoder.update.hidden=4",
            "model.decoder.update.blocks=1",
            "train.batch=4",
            "train.device=cpu",
            "train.images.every=0",
            "train.validation.images=4",
            "evaluation.after-training=false",
            "train.steps=" + steps)) {
      words.addAll(List.of("--set", set));
    }
    return words.toArray(String[]::new);
  }
}
