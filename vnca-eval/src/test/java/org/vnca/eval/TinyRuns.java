package org.vnca.eval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Trainer;
import org.vnca.train.trainer.Watch;

/** Runs of a few steps, one for each decoder. */
public final class TinyRuns {
  /** Decoders of a few channels. */
  public static final String DOUBLING =
      "{type: doubling, doublings: 4, steps: 2, update: {hidden: 8, blocks: 1}}";

  /** With random cells, so that the order of the steps matters. */
  public static final String NON_DOUBLING =
      "{type: non-doubling, steps: {min: 8, max: 12, evaluation: 10}, update-probability: 0.5,"
          + " update: {type: simple, hidden: 8}}";

  /** Grows, then settles. */
  public static final String SETTLING =
      "{type: doubling, doublings: 4, steps: 2, update: {hidden: 8, blocks: 1}, settle: {min: 1, max: 4, evaluation: 3}}";

  /** The baseline. */
  public static final String CONVOLUTIONAL = "{type: convolutional, doublings: 4, filters: 2}";

  private static final String DESCRIPTOR =
      """
      name: tiny
      data: {file: "embedded:digits", pad-to: 32}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: %s
      train:
        steps: 30
        batch: 8
        optimizer: {learning-rate: 3.0e-3}
        device: cpu
        validation: {every: 30, images: 16}
        images: {every: 0}
      """;

  private TinyRuns() {}

  /** Trains one in a folder of its own. */
  public static Path train(Path folder, String decoder) throws IOException {
    Files.createDirectories(folder);
    Path descriptor = folder.resolve("tiny.yaml");
    Files.writeString(descriptor, DESCRIPTOR.formatted(decoder));
    return Trainer.start(
            ExperimentReader.read(descriptor),
            folder,
            folder.resolve("run"),
            Manifest.here(folder),
            watch())
        .run();
  }

  /** Nobody watches. */
  public static Watch watch() {
    return watch(new StopSignal());
  }

  /** Nobody watches, but somebody may stop it. */
  public static Watch watch(StopSignal stop) {
    return new Watch(
        true, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), stop);
  }
}
