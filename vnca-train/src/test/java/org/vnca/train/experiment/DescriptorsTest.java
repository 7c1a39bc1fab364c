package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.graph.spec.UpdateSpec;

/** The descriptors that come with the program. */
class DescriptorsTest {
  private static final Path FOLDER = Path.of("..", "experiments");

  @Test
  void mnistDoubling_isThePapersExperiment() {
    assertThat(ExperimentReader.read(FOLDER.resolve("mnist-doubling.yaml")))
        .isEqualTo(Experiment.PAPER);
  }

  @Test
  void quickstart_isSmall() {
    Experiment quickstart = ExperimentReader.read(FOLDER.resolve("quickstart.yaml"));
    assertThat(quickstart.data().file()).startsWith("embedded:");
    assertThat(quickstart.model().latent()).isLessThan(64);
    assertThat(quickstart.train().steps()).isLessThan(10_000);
  }

  @Test
  void everyDescriptor_isRead() throws IOException {
    try (var files = Files.newDirectoryStream(FOLDER, "*.yaml")) {
      for (Path file : files) {
        Experiment read = ExperimentReader.read(file);
        assertThat(file.getFileName()).hasToString(read.name() + ".yaml");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist-doubling.yaml", "quickstart.yaml"})
  void everyKey_isThere_andExplained(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    List<String> keys = new ArrayList<>();
    Deque<String> path = new ArrayDeque<>();
    String before = "";
    for (String line : Files.readAllLines(file)) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        while (path.size() > depth) {
          path.removeLast();
        }
        path.addLast(text.substring(0, text.indexOf(':')));
        if (!text.endsWith(":")) {
          keys.add(String.join(".", path));
          assertThat(before).as("the line before '%s'", text).startsWith("#");
        }
      }
      before = text;
    }
    assertThat(keys)
        .containsExactlyElementsOf(Settings.flatten(ExperimentReader.read(file)).keySet());
  }

  @Test
  void update_ofOneTypeFitsTheOther() {
    assertThat(
            ExperimentReader.read(
                    FOLDER.resolve("quickstart.yaml"), List.of("model.decoder.update.type=simple"))
                .model()
                .decoder())
        .extracting("update")
        .isEqualTo(new UpdateSpec.Simple(32));
  }
}
