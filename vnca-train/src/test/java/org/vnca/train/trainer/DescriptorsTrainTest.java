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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;

/** Every descriptor trains, on data generated in the shape of its own. */
class DescriptorsTrainTest {
  private static final Path FOLDER = Path.of("..", "experiments");

  @TempDir static Path data;

  @TempDir Path folder;

  static List<Path> descriptors() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("descriptors")
  void descriptor_trainsThreeStepsAtReducedSize(Path descriptor) {
    List<Map<String, Object>> losses = train(descriptor, 3, 1, reduced(descriptor));
    assertThat(losses)
        .hasSize(3)
        .allSatisfy(line -> assertThat((double) line.get("lossNats")).isBetween(50.0, 200_000.0))
        .allSatisfy(line -> assertThat((double) line.get("gradientNorm")).isPositive());
    assertThat(folder.resolve("run/figures/samples.png")).isNotEmptyFile();
  }

  /** The networks, the image and T as they are; the batch, the pool and the pictures are cut. */
  @ParameterizedTest
  @MethodSource("descriptors")
  void descriptor_takesAStepAtFullSize(Path descriptor) {
    List<String> cut = new ArrayList<>(List.of("train.batch=2", "train.images.every=0"));
    if (experiment(descriptor).train().pool().present()) {
      cut.add("train.pool.size=3");
    }
    List<Map<String, Object>> losses = train(descriptor, 1, 2, cut);
    assertThat(losses).hasSize(1);
    assertThat((double) losses.get(0).get("lossNats")).isBetween(50.0, 200_000.0);
    assertThat((double) losses.get(0).get("gradientNorm")).isPositive();
  }

  private List<Map<String, Object>> train(
      Path descriptor, int steps, int threads, List<String> cut) {
    List<String> overrides = new ArrayList<>(cut);
    String file = experiment(descriptor).data().file();
    if (!file.startsWith("embedded:")) {
      overrides.add("data.file=" + GeneratedData.like(file, data));
    }
    overrides.addAll(
        List.of(
            "train.steps=" + steps,
            "train.device=cpu",
            "train.threads=" + threads,
            "train.report.every=1",
            "train.validation.images=2"));
    Path run = folder.resolve("run");
    Outcome outcome =
        Trainer.start(
            ExperimentReader.read(descriptor, overrides),
            folder,
            run,
            Manifest.here(folder),
            new Watch(
                true,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new StopSignal()));
    assertThat(outcome.step()).isEqualTo(steps);
    return MetricsLog.read(run.resolve("metrics.jsonl")).stream()
        .filter(line -> line.containsKey("lossNats"))
        .toList();
  }

  private static Experiment experiment(Path descriptor) {
    return ExperimentReader.read(descriptor, List.of());
  }

  private static List<String> reduced(Path descriptor) {
    Experiment experiment = experiment(descriptor);
    DecoderSpec decoder = experiment.model().decoder();
    boolean mixture = experiment.model().likelihood() instanceof LikelihoodSpec.LogisticMixture;
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "model.latent=" + (mixture ? 16 : 8),
                "model.encoder.filters=2",
                "train.batch=4",
                "train.images.every=1000"));
    if (decoder instanceof DecoderSpec.Convolutional) {
      overrides.add("model.decoder.filters=2");
    } else {
      overrides.add("model.decoder.update.hidden=8");
    }
    if (decoder instanceof DecoderSpec.Doubling) {
      overrides.add("model.decoder.steps=2");
    }
    if (decoder instanceof DecoderSpec.NonDoubling) {
      overrides.add("model.decoder.steps={min: 2, max: 4, evaluation: 3}");
    }
    if (experiment.train().pool().present()) {
      overrides.add("train.pool.size=6");
    }
    if (mixture) {
      overrides.add("model.likelihood.mean-samples=2");
    }
    if (decoder.constantChannels() > 0) {
      overrides.add("model.decoder.update.constant-channels=4");
    }
    return overrides;
  }
}
