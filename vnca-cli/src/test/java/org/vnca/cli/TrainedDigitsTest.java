package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trained model that comes with the project. */
class TrainedDigitsTest {
  private static final Path DIGITS = Path.of("../checkpoints/digits");

  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void copy() throws IOException {
    run = folder.resolve("digits");
    try (Stream<Path> files = Files.walk(DIGITS)) {
      for (Path file : files.toList()) {
        Files.copy(file, run.resolve(DIGITS.relativize(file).toString()));
      }
    }
  }

  @Test
  void itIsSmall_andKnowsDigitsThatItHasNotSeen() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(2_000_000);
    Called measured =
        Called.with(
            "evaluate", run.toString(), "--images", "12", "--samples", "4", "--restart", "--json");
    assertThat(measured.status()).as(measured.err()).isZero();
    // -95 on 250 images with 128 samples; a model that was not trained has -380.
    assertThat(measured.json().path("nats").asDouble()).isBetween(-130.0, -70.0);
  }

  /** With the same weights and no bound on its states it explodes: -4.7e12 nats. */
  @Test
  void itLastsAHundredStepsBeyondItsGrowth() {
    Called measured =
        Called.with(
            "evaluate",
            run.toString(),
            "--images",
            "4",
            "--samples",
            "2",
            "--further",
            "100",
            "--json");
    assertThat(measured.status()).as(measured.err()).isZero();
    // -105 on 40 images with 8 samples.
    assertThat(measured.json().path("nats").asDouble()).isBetween(-160.0, -70.0);
  }

  @Test
  void itIsNotResumed_butANewRunCanBeginWithIt() {
    Called resumed = Called.with("resume", run.toString(), "--set", "train.steps=101");
    assertThat(resumed.status()).isEqualTo(1);
    assertThat(resumed.err()).contains("kept with its weights alone").contains("--weights " + run);
  }

  /** The folder is published: no file of it says where it was made. */
  @Test
  void itNamesNoPlaceOfTheMachineThatTrainedIt() throws IOException {
    for (Path file : files()) {
      if (!file.toString().contains("variables")) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("\"/", " /");
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
