package org.vnca.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vnca.cli.frame.Json;
import org.vnca.cli.frame.Text;
import org.vnca.train.experiment.Nearest;
import org.vnca.train.run.RunListing;
import org.vnca.train.run.RunState;
import org.vnca.train.run.RunSummary;
import org.vnca.train.trainer.Outcome;

final class TextTest {
  private static RunSummary run(String name, int batch, Optional<RunSummary.Bound> best) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("train.batch", batch);
    settings.put("train.steps", 1500);
    RunState state =
        new RunState(
            RunState.Phase.FINISHED, "", "2026-11-24T00:00:00Z", new RunState.Writer(1, 2));
    return new RunSummary(
        name,
        Path.of("checkpoints", name),
        state,
        1500,
        Optional.of(80.126),
        best,
        Optional.of(new RunSummary.Evaluation(1250, "test", 100, 128, -79.5)),
        settings);
  }

  private static final RunListing LISTING =
      new RunListing(
          List.of(
              run("one", 32, Optional.of(new RunSummary.Bound(-79.214, 1250))),
              run("second", 64, Optional.empty())),
          List.of("train.batch"),
          List.of("broken: no manifest"));

  @Test
  void runs_areATableWhereItFits() {
    String expected =
        """
        run     state     step       loss (nats)  best validation (nats @ step)  evaluated (nats)                                 train.batch
        one     finished  1500/1500  80.13        -79.21 @ 1250                  -79.50 (test, n = 128, 100 images, step 1250)  32
        second  finished  1500/1500  80.13        -                              -79.50 (test, n = 128, 100 images, step 1250)  64\
        """;
    assertThat(new RunsText(LISTING).text(0).replaceAll(" +", " "))
        .isEqualTo(expected.replaceAll(" +", " "));
    assertThat(new RunsText(LISTING).text(0).lines().map(line -> line.indexOf("step") > 0))
        .contains(true);
    assertThat(new RunsText(LISTING).text(200)).isEqualTo(new RunsText(LISTING).text(0));
  }

  @Test
  void runs_areLinesWhereATableIsTooWide() {
    assertThat(new RunsText(LISTING).text(60))
        .isEqualTo(
            """
            one finished 1500/1500
              loss 80.13 nats; best validation -79.21 @ 1250; evaluated
              -79.50 (test, n = 128, 100 images, step 1250)
              train.batch=32
            second finished 1500/1500
              loss 80.13 nats; best validation -; evaluated -79.50
              (test, n = 128, 100 images, step 1250)
              train.batch=64\
            """);
  }

  @Test
  void json_hasNullForWhatIsNoNumberAndPathsAsText() {
    Outcome outcome =
        new Outcome(
            Path.of("checkpoints", "caf\u00e9"),
            3,
            5,
            true,
            OptionalDouble.of(Double.NaN),
            OptionalDouble.empty(),
            OptionalLong.of(2),
            0.5);
    assertThat(Json.write(outcome))
        .isEqualTo(
            "{\"run\":\"checkpoints/caf\\u00E9\",\"step\":3,\"steps\":5,\"stopped\":true,"
                + "\"validationNats\":null,\"bestNats\":null,\"bestStep\":2,\"seconds\":0.5}");
  }

  @Test
  void json_ofRuns_hasTheirSettingsAndState() {
    assertThat(Json.write(LISTING))
        .startsWith("{\"runs\":[{\"name\":\"one\",\"path\":\"checkpoints/one\",")
        .contains("\"phase\":\"finished\"", "\"best\":{\"nats\":-79.214,\"step\":1250}")
        .contains("\"settings\":{\"train.batch\":32,\"train.steps\":1500}")
        .endsWith("\"differing\":[\"train.batch\"],\"unreadable\":[\"broken: no manifest\"]}");
  }

  @Test
  void table_putsCellsUnderTheirHeadings() {
    assertThat(Text.table(List.of(List.of("a", "long"), List.of("wide one", "x"))))
        .isEqualTo("a         long\nwide one  x");
  }

  @Test
  void amounts_haveTheUnitThatFits() {
    assertThat(Text.bytes(999)).isEqualTo("999 bytes");
    assertThat(Text.bytes(448_457)).isEqualTo("448.5 kB");
    assertThat(Text.seconds(9.04)).isEqualTo("9.0 s");
    assertThat(Text.seconds(119.6)).isEqualTo("2 min 0 s");
    assertThat(Text.seconds(7260)).isEqualTo("2 h 1 min");
  }

  @Test
  void nearest_findsSwappedAndMissingLettersOnly() {
    List<String> words = List.of("train", "resume", "runs");
    assertThat(Nearest.to("trian", words)).contains("train");
    assertThat(Nearest.to("resum", words)).contains("resume");
    assertThat(Nearest.to("export", words)).isEmpty();
  }
}
