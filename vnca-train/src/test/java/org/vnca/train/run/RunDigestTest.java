package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnca.train.run.RunFixture.MANIFEST;
import static org.vnca.train.run.RunFixture.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.base.hash.Checksum;
import org.vnca.train.experiment.Settings;

class RunDigestTest {
  @TempDir Path folder;

  private RunDirectory trained() throws IOException {
    return ManyRuns.make(folder.resolve("runs"), 1, 3000).get(0);
  }

  private static Optional<Map<String, Object>> settings(RunDirectory run) throws IOException {
    return RunDigest.of(run).settings(Files.readAllBytes(run.experimentFile()));
  }

  private static Optional<Reached> reached(RunDirectory run) {
    return RunDigest.of(run).reached(run.metrics());
  }

  /** Changes a file and nothing else that is seen without reading it. */
  private static void replace(Path file, String old, String now) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    String text = Files.readString(file);
    String changed = text.replaceFirst(old, now);
    assertThat(changed).isNotEqualTo(text).hasSameSizeAs(text);
    Files.writeString(file, changed);
    Files.setLastModifiedTime(file, time);
  }

  private static String sum(String text) {
    return Checksum.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Every type that a setting may have is among these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "model.decoder.update.type=gru",
        "train.devices=[cpu:0, cpu:1]",
        "train.beta={from: 0, to: 1, steps: 5000}",
        "train.optimizer.learning-rate=1e-20",
        "model.encoder.centered=true",
        "seed=9007199254740993"
      })
  void settings_areThoseOfTheDescriptor_typesAndOrderToo(String setting) throws IOException {
    String[] settings = setting.isEmpty() ? new String[0] : new String[] {setting};
    RunDirectory run =
        RunDirectory.create(folder, folder.resolve("run"), experiment(settings), MANIFEST);
    Map<String, Object> expected = Settings.flatten(run.experiment());
    assertThat(settings(run)).contains(expected);
    assertThat(settings(run).orElseThrow().keySet()).containsExactlyElementsOf(expected.keySet());
  }

  @Test
  void reached_isWhatTheMetricsSay() throws IOException {
    RunDirectory run = trained();
    assertThat(reached(run)).contains(Reached.in(run.metrics()));
    assertThat(reached(run).orElseThrow().step()).isEqualTo(3000);
    assertThat(reached(run).orElseThrow().best()).isPresent();
  }

  @Test
  void lossesThatAreNotFinite_areNotedAsSuch() throws IOException {
    RunDirectory run = RunDirectory.create(folder, folder.resolve("run"), experiment(), MANIFEST);
    try (RunWriter writer = run.write()) {
      writer.metrics(-1).append(5, Map.of("lossNats", Double.NaN));
      writer.failed("lost");
    }
    assertThat(reached(run)).contains(new Reached(5, Optional.of(Double.NaN), Optional.empty()));
  }

  /** Neither a file's length nor its time tells that it was changed here. */
  @Test
  void changedFiles_areReadThemselves() throws IOException {
    RunDirectory run = trained();
    assertThat(Summaries.of(run).settings()).containsEntry("train.batch", 8);
    replace(run.experimentFile(), "batch: 8\n", "batch: 9\n");
    assertThat(settings(run)).isEmpty();
    assertThat(Summaries.of(run).settings()).containsEntry("train.batch", 9);
    double best = Summaries.of(run).best().orElseThrow().nats();
    replace(run.metrics(), "\"validationNats\":-.", "\"validationNats\":-1");
    assertThat(reached(run)).isEmpty();
    assertThat(Summaries.of(run).best().orElseThrow().nats()).isGreaterThan(best);
  }

  @Test
  void aLogThatGrew_isReadItself() throws IOException {
    RunDirectory run = trained();
    Files.writeString(
        run.metrics(), "{\"step\":4000,\"lossNats\":7.5}\n", StandardOpenOption.APPEND);
    assertThat(reached(run)).isEmpty();
    assertThat(Summaries.of(run).step()).isEqualTo(4000);
    assertThat(Summaries.of(run).lossNats()).contains(7.5);
  }

  @Test
  void aRunThatGoesOnWithOtherSettings_hasThoseInItsList() throws IOException {
    RunDirectory run = trained();
    try (RunWriter writer = run.write()) {
      writer.experiment(experiment("train.batch=64"));
      assertThat(settings(run).orElseThrow()).containsEntry("train.batch", 64);
      writer.stopped("");
    }
    assertThat(Summaries.of(run).settings()).containsEntry("train.batch", 64);
  }

  @Test
  void whatIsDamagedOrMissing_countsAsNone() throws IOException {
    RunDirectory run = trained();
    RunSummary whole = Summaries.of(run);
    Path digest = run.path().resolve(RunDigest.FILE);
    byte[] bytes = Files.readAllBytes(digest);
    for (int at = 0; at < bytes.length; at += 7) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(digest, damaged);
      assertThat(settings(run)).as("byte " + at).isEmpty();
      assertThat(reached(run)).as("byte " + at).isEmpty();
    }
    for (String text : List.of("", "\n", "half", sum("half") + "\nhalf", sum("") + "\n")) {
      Files.writeString(digest, text);
      assertThat(Summaries.of(run)).isEqualTo(whole);
    }
    Files.delete(digest);
    assertThat(Summaries.of(run)).isEqualTo(whole);
  }

  /** A program that has a key more makes another table of the same descriptor. */
  @Test
  void notesOfAProgramWithOtherKeys_areNotBelieved() throws IOException {
    RunDirectory run = trained();
    Path digest = run.path().resolve(RunDigest.FILE);
    String other =
        Files.readAllLines(digest, StandardCharsets.UTF_8)
                .get(1)
                .replace(Settings.fingerprint(), sum("other"))
            + "\n";
    Files.writeString(digest, sum(other) + "\n" + other);
    assertThat(settings(run)).isEmpty();
    assertThat(reached(run)).isPresent();
  }

  /** What is wrong with a run is told, whatever was noted when nothing was. */
  @Test
  void damagedMetrics_areTold() throws IOException {
    RunDirectory run = trained();
    replace(run.metrics(), "\\{\"step\":2000", "[\"step\":2000");
    RunListing listing = RunListing.of(folder.resolve("runs"));
    assertThat(listing.runs()).isEmpty();
    assertThat(listing.unreadable()).singleElement().asString().contains("metrics.jsonl:");
  }
}
