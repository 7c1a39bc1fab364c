package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnca.train.run.RunFixture.refusalOf;
import static org.vnca.train.run.RunFixture.save;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  @TempDir Path folder;
  private RunDirectory run;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void makeRun() throws IOException {
    run = RunFixture.run(folder, "train.checkpoint.keep=2");
  }

  private Checkpoint resolve(String which) {
    return run.checkpoints().resolve(which, notices::add);
  }

  private void saveAll(long... steps) {
    try (RunWriter writer = run.write()) {
      for (long step : steps) {
        save(writer, step, step == steps[0]);
      }
      writer.finished();
    }
  }

  private Path file(long step, String name) {
    return run.path().resolve("steps").resolve(Long.toString(step)).resolve(name);
  }

  private static void flipBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void whatIsSaved_isFoundAgain_factsIncluded() throws IOException {
    Map<String, Object> facts =
        Map.of("seed", Long.MIN_VALUE, "nats", -84.23, "lost", Double.NaN, "split", "train");
    try (RunWriter writer = run.write()) {
      writer.save(10, facts, true, directory -> RunFixture.body(directory, 10));
      writer.finished();
    }
    for (String which : List.of("latest", "best", "10")) {
      Checkpoint found = resolve(which);
      assertThat(found.step()).isEqualTo(10);
      assertThat(found.whole("seed")).isEqualTo(Long.MIN_VALUE);
      assertThat(found.number("nats")).isEqualTo(-84.23);
      assertThat(found.number("lost")).isNaN();
      assertThat(found.facts()).containsEntry("split", "train");
      assertThat(found.file("data/position")).hasContent("10");
      assertThat(refusalOf(() -> found.whole("split")))
          .isEqualTo(found.path() + " does not say its split");
    }
    assertThat(run.path().resolve("latest")).hasContent("steps/10");
    assertThat(notices).isEmpty();
  }

  /** As a reader beside a training that saves, and deletes, whenever the reader begins to read. */
  private Checkpoints beside(RunWriter training, int times, boolean best) {
    AtomicLong saved = new AtomicLong();
    return new Checkpoints(
        run.path(),
        directory -> {
          long step = Long.parseLong(directory.getFileName().toString());
          if (saved.incrementAndGet() <= times) {
            save(training, step + 1, best);
            save(training, step + 2, best);
            assertThat(directory).doesNotExist();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "best"})
  void whatIsDeletedWhileItIsRead_isFollowedToWhatIsNamedThen(String which) {
    try (RunWriter training = run.write()) {
      save(training, 10, true);
      Checkpoint found = beside(training, 3, true).resolve(which, notices::add);
      assertThat(found.step()).isEqualTo(16);
      assertThat(found.isStillWhole()).isTrue();
      training.finished();
    }
    assertThat(notices).as("nothing is damaged").isEmpty();
  }

  @Test
  void aPointerThatNeverRests_isGivenUp() {
    try (RunWriter training = run.write()) {
      save(training, 10, false);
      Checkpoints reader = beside(training, 1_000, false);
      assertThat(refusalOf(() -> reader.resolve("latest", notices::add)))
          .startsWith(run + " has no whole checkpoint: ");
      training.finished();
    }
  }

  @Test
  void aCheckpointInThePlaceOfAnother_isToldFromIt() throws IOException {
    saveAll(1, 2);
    Checkpoint found = resolve("latest");
    assertThat(found.isReplaced()).isFalse();
    try (RunWriter writer = run.write()) {
      writer.save(2, Map.of("step", 2, "other", 1), false, at -> RunFixture.body(at, 3));
      assertThat(found.isReplaced()).isTrue();
      assertThat(found.isStillWhole()).isFalse();
      save(writer, 3, false);
      save(writer, 4, false);
      writer.finished();
    }
    assertThat(found.isReplaced()).as("deleted").isFalse();
    assertThat(found.isStillWhole()).as("deleted").isFalse();
  }

  @Test
  void pruning_keepsTheNewestAndTheBest() {
    saveAll(1, 2, 3, 4, 5);
    assertThat(run.checkpoints().steps()).containsExactly(1L, 4L, 5L);
    assertThat(resolve("best").step()).isEqualTo(1);
    assertThat(resolve("latest").step()).isEqualTo(5);
  }

  @Test
  void pruning_leavesLaterSteps_whenARunGoesOnFromAnEarlierOne() {
    saveAll(10, 20, 30);
    saveAll(15);
    assertThat(run.checkpoints().steps()).containsExactly(10L, 15L, 20L, 30L);
    assertThat(resolve("latest").step()).isEqualTo(15);
  }

  @Test
  void pruning_followsAChangedSetting() throws IOException {
    saveAll(1, 2, 3);
    try (RunWriter writer = run.write()) {
      writer.experiment(RunFixture.experiment("train.checkpoint.keep=1"));
      save(writer, 4, true);
      writer.finished();
    }
    assertThat(run.checkpoints().steps()).containsExactly(4L);
  }

  @Test
  void savingAStepAgain_replacesIt() throws IOException {
    saveAll(1, 2);
    try (RunWriter writer = run.write()) {
      writer.save(2, Map.of("again", true), false, directory -> RunFixture.body(directory, 3));
      writer.finished();
    }
    assertThat(resolve("2").facts()).containsEntry("again", true);
    assertThat(resolve("latest").file("data/position")).hasContent("3");
    try (var members = Files.list(run.path().resolve("steps"))) {
      assertThat(members.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("1", "2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "data/position", "manifest.json", "manifest.sha256"})
  void aFlippedBit_isRefusedByName(String name) throws IOException {
    saveAll(1, 2, 3);
    flipBit(file(3, name));
    assertThat(refusalOf(() -> resolve("3")))
        .startsWith("the checkpoint of step 3 is damaged: ")
        .contains(file(3, name.startsWith("manifest") ? "manifest.json" : name).toString())
        .contains(" does not have the checksum in manifest.")
        .endsWith("; the newest whole checkpoint is that of step 2");
    flipBit(file(2, name));
    assertThat(refusalOf(() -> resolve("3"))).endsWith("that of step 1");
    flipBit(file(1, name));
    assertThat(refusalOf(() -> resolve("3"))).endsWith("; there is no other whole checkpoint");
    assertThat(refusalOf(() -> resolve("best"))).startsWith("the checkpoint of step 1 is damaged:");
    assertThat(refusalOf(() -> resolve("latest"))).startsWith(run + " has no whole checkpoint: ");
    assertThat(notices).isEmpty();
  }

  @Test
  void aShortOrMissingFile_isRefusedByName() throws IOException {
    saveAll(1, 2);
    Files.writeString(file(2, "weights"), "short");
    assertThat(refusalOf(() -> resolve("2")))
        .contains(file(2, "weights") + " has 5 bytes instead of 100000");
    Files.delete(file(2, "weights"));
    assertThat(refusalOf(() -> resolve("2"))).contains(file(2, "weights") + " is missing");
    Files.delete(file(2, "manifest.json"));
    assertThat(refusalOf(() -> resolve("2"))).contains(file(2, "manifest.json") + " is missing");
  }

  @Test
  void latest_fallsBackToTheNewestWholeOne_andSaysSo() throws IOException {
    saveAll(1, 2, 3);
    flipBit(file(3, "weights"));
    assertThat(resolve("latest").step()).isEqualTo(2);
    assertThat(notices)
        .containsExactly(
            "the latest checkpoint of %s is damaged (%s does not have the checksum in manifest.json); step 2 is used, the newest that is whole"
                .formatted(run, file(3, "weights")));
    Durable.delete(run.path().resolve("steps/3"));
    assertThat(resolve("latest").step()).isEqualTo(2);
    assertThat(notices.get(1)).contains(file(3, "manifest.json") + " is missing");
    Files.delete(run.path().resolve("latest"));
    assertThat(resolve("latest").step()).isEqualTo(2);
    assertThat(notices.get(2)).contains("its pointer is missing or damaged");
    Files.writeString(run.path().resolve("latest"), "../../etc");
    assertThat(resolve("latest").step()).isEqualTo(2);
  }

  @Test
  void refusals_whenThereIsNothing() {
    assertThat(refusalOf(() -> resolve("latest"))).isEqualTo(run + " has no checkpoint yet");
    assertThat(refusalOf(() -> resolve("best")))
        .isEqualTo(run + " has no best checkpoint yet: it is chosen at a validation; try latest");
    assertThat(refusalOf(() -> resolve("7")))
        .isEqualTo(run + " has no checkpoint of step 7; it has none");
    assertThat(refusalOf(() -> resolve("newest")))
        .isEqualTo("a checkpoint is latest, best or a step, but not newest");
    saveAll(1, 2);
    assertThat(refusalOf(() -> resolve("7")))
        .isEqualTo(run + " has no checkpoint of step 7; it has 1, 2");
    assertThat(refusalOf(() -> resolve("007"))).contains("not 007");
  }

  @Test
  void aFailedFirstSave_saysThatThereIsNone() {
    try (RunWriter writer = run.write()) {
      assertThat(refusalOf(() -> writer.save(2, Map.of(), true, directory -> {})))
          .contains("cannot be saved: nothing was written; there is no checkpoint yet; go on with");
    }
  }

  @Test
  void aFailedSave_leavesTheOldOnes_andNoTrace() throws IOException {
    saveAll(1);
    try (RunWriter writer = run.write()) {
      assertThat(
              refusalOf(
                  () ->
                      writer.save(
                          2,
                          Map.of(),
                          true,
                          directory -> {
                            Files.writeString(directory.resolve("weights"), "half");
                            throw new IOException("No space left on device");
                          })))
          .isEqualTo(
              "the checkpoint %s cannot be saved: the disk is full (No space left on device); free some space; the last good checkpoint is %s; go on with: ./vnca resume %s"
                  .formatted(run.path().resolve("steps/2"), run.path().resolve("steps/1"), run));
      assertThat(refusalOf(() -> writer.save(2, Map.of(), true, directory -> {})))
          .contains("cannot be saved: nothing was written; the last good checkpoint is ");
      assertThatThrownBy(
              () ->
                  writer.save(
                      2,
                      Map.of(),
                      true,
                      directory -> {
                        throw new IllegalStateException("session closed");
                      }))
          .isInstanceOf(IllegalStateException.class);
      // As TensorFlow has it.
      assertThat(
              refusalOf(
                  () ->
                      writer.save(
                          2,
                          Map.of(),
                          true,
                          directory -> {
                            throw new IllegalStateException(
                                "weights; No space left on device\n\t [[{{node save}}]]\nHint: OOM");
                          })))
          .contains(
              "steps/2 cannot be saved: the disk is full (weights; No space left on device); free some space; the last good checkpoint is "
                  + run.path().resolve("steps/1"))
          .doesNotContain("OOM");
      writer.finished();
    }
    assertThat(resolve("latest").step()).isEqualTo(1);
    assertThat(resolve("best").step()).isEqualTo(1);
    try (var members = Files.list(run.path().resolve("steps"))) {
      assertThat(members).containsExactly(run.path().resolve("steps/1"));
    }
  }
}
