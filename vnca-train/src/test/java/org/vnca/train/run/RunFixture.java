package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;

/** Makes small runs. */
final class RunFixture {
  static final Manifest MANIFEST =
      Manifest.here(Path.of("."))
          .withData("data/x.h5", "00ff")
          .withLibraries(Map.of("tensorflow", "1.1.0"))
          .withDevice("CPU", 2)
          .withCommandLine(List.of("train", "x.yaml"));

  private RunFixture() {}

  static Experiment experiment(String... overrides) throws IOException {
    Path file = Files.createTempFile("x", ".yaml");
    try {
      return ExperimentReader.read(file, List.of(overrides));
    } finally {
      Files.delete(file);
    }
  }

  static RunDirectory run(Path parent, String... overrides) throws IOException {
    return RunDirectory.create(parent, null, experiment(overrides), MANIFEST);
  }

  /** A checkpoint of two files whose contents say the step. */
  static void save(RunWriter writer, long step, boolean best) {
    writer.save(step, Map.of("step", step), best, directory -> body(directory, step));
  }

  static void body(Path directory, long step) throws IOException {
    Files.writeString(directory.resolve("weights"), ("weights " + step + "\n").repeat(10_000));
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/position"), Long.toString(step));
  }

  static String refusalOf(ThrowingCallable call) {
    RunException refused = catchThrowableOfType(RunException.class, call);
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.getMessage()).doesNotContain("\n");
    return refused.getMessage();
  }
}
