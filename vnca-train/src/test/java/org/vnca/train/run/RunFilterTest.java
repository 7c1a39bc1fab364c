package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFilterTest {
  private static final RunSummary RUN =
      new RunSummary(
          "mnist-1",
          Path.of("mnist-1"),
          new RunState(
              RunState.Phase.STOPPED,
              "",
              Instant.now().minusSeconds(10 * 86400).toString(),
              new RunState.Writer(1, 1)),
          100,
          Optional.of(95.5),
          Optional.empty(),
          Optional.empty(),
          Map.of("train.batch", 32, "train.precision", "float32"));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "train.batch=32, true",
    "train.batch=32.0, true",
    "train.batch!=32, false",
    "train.batch<32, false",
    "train.batch<=32, true",
    "loss>95, true",
    "age>9.9, true",
    "age>10.1, false",
    "name=mnist-*, true",
    "name=nist, false",
    "state=stopped, true",
    "state!=finished, true",
    "best>-100, false",
    "best!=5, true",
  })
  void condition_isTrueOfTheRunOrNot(String condition, boolean fits) {
    assertThat(RunFilter.of(condition).test(RUN)).isEqualTo(fits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train.batch", "=3", "train.batch=", "loss>many"})
  void whatIsNoCondition_isRefused(String text) {
    assertThatThrownBy(() -> RunFilter.of(text))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(text.contains(">") ? "needs a number" : "is no condition");
  }

  @Test
  void deletion_takesAllOfARun_butNotOneThatIsTrained_norWhatLinksLeadTo() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("kept.txt"), "mine");
    Path path = Files.createDirectories(folder.resolve("runs/one"));
    for (String name : new String[] {RunDirectory.EXPERIMENT, RunDirectory.MANIFEST}) {
      Files.writeString(path.resolve(name), "12345");
    }
    Files.createDirectories(path.resolve("steps/1"));
    Files.createSymbolicLink(path.resolve("steps/1/link"), elsewhere);
    RunDirectory run = RunDirectory.open(path);
    try (ProcessLock lock = ProcessLock.take(path.resolve(RunDirectory.LOCK)).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> RunRemoval.delete(run))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("is being trained");
    }
    assertThat(RunRemoval.delete(run)).isEqualTo(10);
    assertThat(folder.resolve("runs")).isEmptyDirectory();
    assertThat(elsewhere).exists();
  }
}
