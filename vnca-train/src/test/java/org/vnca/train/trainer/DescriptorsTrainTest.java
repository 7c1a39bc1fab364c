package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;

/** Every descriptor trains: three steps, narrow layers, the embedded digits. */
class DescriptorsTrainTest {
  private static final Path FOLDER = Path.of("..", "experiments");

  @TempDir Path folder;

  static List<Path> descriptors() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("descriptors")
  void descriptor_trainsThreeStepsAtReducedSize(Path descriptor) {
    Path run = folder.resolve("run");
    Outcome outcome =
        Trainer.start(
            ExperimentReader.read(descriptor, reduced(descriptor)),
            folder,
            run,
            Manifest.here(folder),
            new Watch(
                true,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new StopSignal()));
    assertThat(outcome.step()).isEqualTo(3);
    assertThat(MetricsLog.read(run.resolve("metrics.jsonl")))
        .filteredOn(line -> line.containsKey("lossNats"))
        .hasSize(3)
        .allSatisfy(line -> assertThat((double) line.get("lossNats")).isBetween(50.0, 10_000.0))
        .allSatisfy(line -> assertThat((double) line.get("gradientNorm")).isPositive());
    assertThat(run.resolve("figures/samples.png")).isNotEmptyFile();
  }

  private static List<String> reduced(Path descriptor) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "data.file=embedded:digits",
                "model.latent=8",
                "model.encoder.filters=2",
                "train.steps=3",
                "train.batch=4",
                "train.device=cpu",
                "train.report.every=1",
                "train.validation.images=4"));
    boolean baseline = descriptor.endsWith("mnist-baseline.yaml");
    overrides.add(baseline ? "model.decoder.filters=2" : "model.decoder.steps=2");
    if (!baseline) {
      overrides.add("model.decoder.update.hidden=8");
    }
    if (descriptor.endsWith("ablation-half-constant.yaml")) {
      overrides.add("model.decoder.update.constant-channels=4");
    }
    return overrides;
  }
}
