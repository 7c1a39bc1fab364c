package org.vnca.eval;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Trainer;
import org.vnca.train.trainer.Watch;

/** A run of a few steps on the embedded digits. */
public final class TinyRun {
  private TinyRun() {}

  /**
   * Trains it.
   *
   * @param decoder in the words of a descriptor
   */
  public static Path train(Path folder, String decoder, String... overrides) throws IOException {
    Path descriptor = folder.resolve("tiny.yaml");
    Files.writeString(
        descriptor,
        """
        name: tiny
        data: {file: "embedded:digits", pad-to: 32}
        model:
          latent: 8
          encoder: {filters: 2}
          decoder: %s
        train:
          steps: 20
          batch: 8
          optimizer: {learning-rate: 3.0e-3}
          device: cpu
          report: {every: 5}
          validation: {every: 10, images: 16}
          images: {every: 20}
        """
            .formatted(decoder));
    Path run = Files.createTempDirectory(folder, "run");
    return Trainer.start(
            ExperimentReader.read(descriptor, List.of(overrides)),
            folder,
            run,
            Manifest.here(folder),
            watch())
        .run();
  }

  /** Nobody watches. */
  public static Watch watch() {
    return new Watch(
        true,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new StopSignal());
  }
}
