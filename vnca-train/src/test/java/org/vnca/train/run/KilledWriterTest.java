package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnca.train.run.RunFixture.save;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers killed by SIGKILL in the middle of a save. */
class KilledWriterTest {
  @TempDir Path folder;

  static Stream<String> moments() {
    return Stream.concat(
        Stream.of("body"),
        Stream.of(CheckpointSaver.Phase.values())
            .filter(phase -> phase != CheckpointSaver.Phase.OLD_ASIDE)
            .map(Enum::name));
  }

  private RunDirectory runWithCheckpoints(long... steps) throws IOException {
    RunDirectory run = RunFixture.run(folder, "train.checkpoint.keep=2");
    try (RunWriter writer = run.write()) {
      for (long step : steps) {
        save(writer, step, step == steps[0]);
      }
      writer.stopped("");
    }
    return run;
  }

  private static void killAt(RunDirectory run, String moment, long step) throws Exception {
    try (ForkedWriter writer = ForkedWriter.start(run, moment, step)) {
      assertThat(writer.line()).isEqualTo(moment);
      writer.kill();
    }
  }

  private static long latest(RunDirectory run) {
    return run.checkpoints()
        .resolve("latest", notice -> assertThat(notice).as("a notice").isNull())
        .step();
  }

  /** Every checkpoint that a reader can see is whole. */
  private static void assertAllWhole(RunDirectory run) {
    for (long step : run.checkpoints().steps()) {
      assertThat(run.checkpoints().resolve(Long.toString(step), notice -> {}).step())
          .isEqualTo(step);
    }
  }

  private static List<String> leftovers(RunDirectory run) throws IOException {
    List<String> hidden = new ArrayList<>();
    try (Stream<Path> all = Files.walk(run.path())) {
      all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .forEach(hidden::add);
    }
    return hidden;
  }

  @ParameterizedTest
  @MethodSource("moments")
  void theOldOrTheNewCheckpointIsLoaded_neverAHalfOne(String moment) throws Exception {
    RunDirectory run = runWithCheckpoints(1, 2, 3);
    killAt(run, moment, 4);
    boolean points =
        List.of("LATEST_POINTS", "BEST_POINTS", "PRUNED_ASIDE", "DONE").contains(moment);
    assertThat(latest(run)).isEqualTo(points ? 4 : 3);
    assertAllWhole(run);
    assertThat(run.state().phase()).isEqualTo(RunState.Phase.KILLED);
    try (RunWriter writer = run.write()) {
      assertThat(leftovers(run)).isEmpty();
      save(writer, 5, false);
      writer.finished();
    }
    assertThat(latest(run)).isEqualTo(5);
    assertAllWhole(run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ON_DISK", "OLD_ASIDE", "IN_PLACE", "DONE"})
  void aStepThatIsSavedAgain_isNotLost(String moment) throws Exception {
    RunDirectory run = runWithCheckpoints(1);
    killAt(run, moment, 1);
    try (RunWriter writer = run.write()) {
      assertThat(leftovers(run)).isEmpty();
      writer.stopped("");
    }
    assertThat(latest(run)).isEqualTo(1);
    boolean replaced = List.of("IN_PLACE", "DONE").contains(moment);
    assertThat(run.checkpoints().resolve("1", notice -> {}).facts().containsKey("again"))
        .isEqualTo(replaced);
  }

  @Test
  void killedAtRandomMoments_theLatestIsAlwaysWhole() throws Exception {
    RunDirectory run = runWithCheckpoints(1);
    for (int attempt = 0; attempt < 6; attempt++) {
      long before = latest(run);
      try (ForkedWriter writer = ForkedWriter.start(run, "loop", before + 1)) {
        assertThat(writer.line()).isEqualTo("saving");
        Thread.sleep(40 + 37L * attempt);
        writer.kill();
      }
      assertThat(latest(run)).isGreaterThanOrEqualTo(before);
      assertThat(run.checkpoints().resolve("best", notice -> {}).step()).isPositive();
      assertAllWhole(run);
    }
    assertThat(latest(run)).isGreaterThan(1);
  }
}
