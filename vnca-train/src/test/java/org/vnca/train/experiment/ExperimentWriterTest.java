package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentWriterTest {
  @TempDir Path folder;

  private Experiment read(String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), "");
    return ExperimentReader.read(file, List.of(overrides));
  }

  @Test
  void whatIsWritten_isReadBackEqual() throws IOException {
    Experiment odd =
        read(
            "name=1.50",
            "seed=-3",
            "data.file='with: colon # and \"quotes\" '",
            "data.train=['1', null-, 'true', \"tab\\tin\"]",
            "data.test='~'",
            "evaluation.split='2020-01-01'",
            "train.optimizer.learning-rate=0.1234567890123456",
            "train.optimizer.epsilon=1e-300",
            "train.beta=1e21",
            "model.decoder.update.type=simple");
    for (Experiment experiment : List.of(Experiment.PAPER, odd)) {
      Path file = Files.writeString(folder.resolve("y.yaml"), ExperimentWriter.toYaml(experiment));
      assertThat(ExperimentReader.read(file)).isEqualTo(experiment);
    }
  }

  @Test
  void whatIsWritten_hasEveryKeyInAStableOrder() {
    assertThat(ExperimentWriter.toYaml(Experiment.PAPER))
        .startsWith(
            """
            name: mnist-doubling
            seed: 1
            data:
              file: data/binarized-mnist.h5
              train: [train]
              validation: valid
              test: test
              pad-to: 32
              binarize: none
              augment:
                flip: false
                shift: 0
            model:
              latent: 256
              posterior: log-variance
              encoder:
                filters: 32
                kernel: 5
                centered: false
              decoder:
                type: doubling
                doublings: 4
            """);
  }

  @Test
  void flatten_hasDottedKeys() {
    assertThat(Settings.flatten(Experiment.PAPER))
        .containsEntry("model.decoder.update.type", "residual")
        .containsEntry("model.posterior", "log-variance")
        .containsEntry("train.batch", 32)
        .containsEntry("train.steps", 100_000L)
        .containsEntry("train.optimizer.learning-rate", 1e-4)
        .containsEntry("data.train", List.of("train"))
        .hasSize(78);
  }

  @Test
  void differing_namesKeysThatAreNotTheSameEverywhere() throws IOException {
    List<Map<String, Object>> tables =
        List.of(
            Settings.flatten(read()),
            Settings.flatten(read("train.batch=8")),
            Settings.flatten(read("model.decoder.update.type=simple", "train.beta=1.0")));
    assertThat(Settings.differing(tables))
        .containsExactly(
            "model.decoder.update.type",
            "model.decoder.update.hidden",
            "model.decoder.update.blocks",
            "model.decoder.update.kernel",
            "model.decoder.update.gate",
            "model.decoder.update.constant-channels",
            "train.batch");
    assertThat(Settings.differing(tables.subList(0, 1))).isEmpty();
    assertThat(Settings.differing(List.<Map<String, Object>>of())).isEmpty();
  }

  @Test
  void everyKindThatADescriptorReaches_hasDefaults() {
    Deque<Class<?>> open = new ArrayDeque<>(List.of(Experiment.class));
    Set<Class<?>> seen = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      if (Schema.hasKinds(type)) {
        Schema.kinds(type).values().forEach(kind -> open.add(kind.getClass()));
      } else if (type.isRecord() && seen.add(type)) {
        for (var component : type.getRecordComponents()) {
          open.push(component.getType());
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(12);
  }
}
