package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.vnca.train.run.RunFixture.MANIFEST;
import static org.vnca.train.run.RunFixture.experiment;
import static org.vnca.train.run.RunFixture.refusalOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunListingTest {
  @TempDir Path folder;

  private RunDirectory run(String name, String... overrides) throws IOException {
    return RunDirectory.create(folder, folder.resolve(name), experiment(overrides), MANIFEST);
  }

  @Test
  void lists_whatEachRunReached_andWhereTheirSettingsDiffer() throws IOException {
    RunDirectory one = run("b", "train.batch=8", "name=other");
    try (RunWriter writer = one.write()) {
      MetricsLog metrics = writer.metrics(-1);
      metrics.append(1000, Map.of("validationNats", -100.5));
      metrics.append(2000, Map.of("lossNats", 99.0));
      metrics.append(2000, Map.of("validationNats", -90.25));
      metrics.append(3000, Map.of("lossNats", 95.5));
      metrics.append(3000, Map.of("validationNats", Double.NaN));
      writer.finished();
    }
    Files.createDirectories(one.evaluation());
    evaluation(
        one,
        "new",
        1,
        "{\"step\":2000,\"split\":\"test\",\"images\":10000,\"samples\":128,\"nats\":-84.2}");
    evaluation(
        one,
        "old",
        2,
        "{\"step\":1000,\"split\":\"test\",\"images\":10,\"samples\":1,\"nats\":-99.0}");
    evaluation(
        one,
        "quick",
        4,
        "{\"step\":2000,\"split\":\"test\",\"images\":100,\"samples\":256,\"nats\":-80.0}");
    evaluation(one, "latent", 3, "{\"points\":[]}");
    run("a", "model.decoder.steps=2");
    RunDirectory saved = run("c");
    try (RunWriter writer = saved.write()) {
      writer.metrics(-1).append(3, Map.of("lossNats", 90.0));
      RunFixture.save(writer, 5, false);
      writer.stopped("");
    }
    Files.createDirectories(folder.resolve("no-run"));
    Files.writeString(folder.resolve("README.md"), "");

    RunListing listing = RunListing.of(folder);
    assertThat(listing.runs()).extracting(RunSummary::name).containsExactly("a", "b", "c");
    assertThat(listing.differing()).containsExactly("model.decoder.steps", "train.batch");
    assertThat(listing.unreadable()).isEmpty();
    RunSummary b = listing.runs().get(1);
    assertThat(b.state().phase()).isEqualTo(RunState.Phase.FINISHED);
    assertThat(b.step()).isEqualTo(3000);
    assertThat(b.lossNats()).contains(95.5);
    assertThat(b.best()).contains(new RunSummary.Bound(-90.25, 2000));
    assertThat(b.evaluation())
        .contains(new RunSummary.Evaluation(2000, "test", 10_000, 128, -84.2));
    RunSummary a = listing.runs().get(0);
    assertThat(a.state().phase()).isEqualTo(RunState.Phase.CREATED);
    assertThat(a.step()).isZero();
    assertThat(a.value("best")).isEqualTo(Optional.empty());
    assertThat(a.value("model.decoder.steps")).contains(2);
    assertThat(listing.runs().get(2).step()).isEqualTo(5);
  }

  /** Times of files say nothing: the clock was set back, or the run was copied. */
  private static void evaluation(RunDirectory run, String name, int time, String text)
      throws IOException {
    Path file = Files.writeString(run.evaluation().resolve(name + ".json"), text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * time));
  }

  @Test
  void sortedBy_putsNumbersBySize_andMissingOnesLast() throws IOException {
    run("a", "train.batch=16");
    RunDirectory b = run("b", "train.batch=8");
    try (RunWriter writer = b.write()) {
      writer.metrics(-1).append(7, Map.of("lossNats", 3));
      writer.stopped("");
    }
    run("c", "train.batch=100");
    RunListing listing = RunListing.of(folder);
    assertThat(listing.sortedBy("train.batch").runs())
        .extracting(RunSummary::name)
        .containsExactly("b", "a", "c");
    assertThat(listing.sortedBy("loss").runs())
        .extracting(RunSummary::name)
        .containsExactly("b", "a", "c");
    assertThat(listing.sortedBy("state").runs())
        .extracting(RunSummary::name)
        .containsExactly("a", "c", "b");
    assertThat(refusalOf(() -> listing.sortedBy("speed")))
        .isEqualTo(
            "runs have no column speed; they have name, state, step, loss, best, nats, age and the dotted keys of their settings");
  }

  @Test
  void aRunThatCannotBeRead_isNamed_andTheOthersListed() throws IOException {
    run("a");
    RunDirectory b = run("b");
    Files.writeString(b.experimentFile(), "train: {speed: 3}\n");
    RunListing listing = RunListing.of(folder);
    assertThat(listing.runs()).extracting(RunSummary::name).containsExactly("a");
    assertThat(listing.unreadable())
        .singleElement()
        .asString()
        .startsWith(b.experimentFile() + ":1: ");
    assertThat(refusalOf(() -> RunListing.of(folder.resolve("none"))))
        .isEqualTo("there are no runs in " + folder.resolve("none") + ": no such directory");
  }

  private static String result(String nats, String more) {
    return "{\"step\":5,\"split\":\"test\",\"images\":10,\"samples\":128,\"nats\":%s%s}"
        .formatted(nats, more);
  }

  /** Directories have no order, so the names decide. */
  @Test
  void ofEqualEvaluations_theFirstByNameCounts() throws IOException {
    RunDirectory run = run("a");
    Files.createDirectories(run.evaluation());
    evaluation(run, "points", 1, "{\"points\":[]}");
    assertThat(Summaries.evaluation(run.evaluation())).isEmpty();
    for (int i = 19; i > 0; i--) {
      evaluation(run, "n" + (100 + i), i, result("-" + i, ""));
    }
    assertThat(Summaries.evaluation(run.evaluation()).orElseThrow().nats()).isEqualTo(-1);
  }

  @Test
  void anEvaluationWhoseListSaysAnotherBound_isRefused() throws IOException {
    RunDirectory run = run("a");
    Files.createDirectories(run.evaluation());
    String bounds = ",\"bounds\":[{\"samples\":1,\"nats\":-9},{\"samples\":%s,\"nats\":%s}]";
    evaluation(run, "x", 1, result("-5", bounds.formatted("128", "-5")));
    assertThat(Summaries.evaluation(run.evaluation()).orElseThrow().nats()).isEqualTo(-5);
    for (String other :
        new String[] {
          bounds.formatted("128", "-6"), bounds.formatted("64", "-5"), ",\"bounds\":{\"0\":1}"
        }) {
      evaluation(run, "x", 1, result("-5", other));
      assertThat(refusalOf(() -> Summaries.evaluation(run.evaluation())))
          .endsWith(
              "x.json cannot be read: what it says does not fit together; delete it, and evaluate again");
    }
  }

  @Test
  void below_areTheDirectoriesThatHoldRuns() throws IOException {
    Path sweep = Files.createDirectory(folder.resolve("sweep"));
    RunDirectory.create(folder, sweep.resolve("seed=1"), experiment(), MANIFEST);
    Files.createDirectories(folder.resolve("empty/nothing"));
    Files.writeString(folder.resolve("README.md"), "");
    run("a");
    assertThat(RunListing.below(folder)).containsExactly(sweep);
  }

  @Test
  void only_countsAnewWhatDiffers_andChosenRunsKeepTheirOrder() throws IOException {
    RunDirectory a = run("a", "train.batch=16");
    RunDirectory b = run("b", "train.batch=8");
    RunListing chosen = RunListing.of(List.of(b, a));
    assertThat(chosen.runs()).extracting(RunSummary::name).containsExactly("b", "a");
    assertThat(chosen.differing()).containsExactly("train.batch");
    RunListing one = chosen.only(run -> run.name().equals("a"));
    assertThat(one.runs()).extracting(RunSummary::name).containsExactly("a");
    assertThat(one.differing()).isEmpty();
  }

  /** A descriptor that was written again since is read again. */
  @Test
  void settings_areThoseOfTheDescriptor_andAgeIsInDays() throws IOException {
    RunDirectory a = run("a", "train.batch=16");
    RunSummary before = RunListing.of(List.of(a)).runs().get(0);
    Files.writeString(
        a.experimentFile(),
        Files.readString(a.experimentFile()).replace("batch: 16", "batch: 4") + "# by hand\n");
    RunSummary run = RunListing.of(List.of(a)).runs().get(0);
    assertThat(before.value("train.batch")).contains(16);
    assertThat(run.value("train.batch")).contains(4);
    String since = Instant.now().minus(Duration.ofHours(36)).toString();
    RunState state = new RunState(run.state().phase(), "", since, run.state().writer());
    RunSummary old =
        new RunSummary(
            "a",
            a.path(),
            state,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    assertThat((double) old.value("age").orElseThrow()).isCloseTo(1.5, within(0.01));
  }
}
