package org.vnca.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnca.base.fault.Stopped;
import org.vnca.eval.GridSize;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StudyException;
import org.vnca.eval.TinyRuns;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.StopSignal;

class FiguresTest {
  @TempDir static Path folder;
  private static final Map<String, Path> RUNS = new LinkedHashMap<>();

  @BeforeAll
  static void train() throws IOException {
    RUNS.put("doubling", TinyRuns.train(folder.resolve("doubling"), TinyRuns.DOUBLING));
    RUNS.put("non-doubling", TinyRuns.train(folder.resolve("healing"), TinyRuns.NON_DOUBLING));
    RUNS.put("settling", TinyRuns.train(folder.resolve("settling"), TinyRuns.SETTLING));
    RUNS.put("convolutional", TinyRuns.train(folder.resolve("baseline"), TinyRuns.CONVOLUTIONAL));
  }

  /** Each is drawn once, and written in every format, for a screen and for a column of a paper. */
  @ParameterizedTest
  @EnumSource(Figure.class)
  void figure_isDrawnOfEveryDecoderThatHasIt(Figure figure) throws Exception {
    int count = figure == Figure.LATENT_MAP ? 120 : 2;
    for (Map.Entry<String, Path> run : RUNS.entrySet()) {
      Path out = folder.resolve(run.getKey() + "-" + figure.id() + ".png");
      if (figure.needsAutomaton() && run.getKey().equals("convolutional")) {
        assertThatThrownBy(() -> draw(figure, run.getValue(), count, out))
            .isInstanceOf(StudyException.class)
            .hasMessageStartingWith("figure " + figure.id() + " needs a cellular automaton")
            .hasMessageContaining(run.getValue().toString());
        assertThat(out).doesNotExist();
        continue;
      }
      try (OpenRun open =
          OpenRun.open(run.getValue(), ModelChoice.of("latest"), TinyRuns.watch())) {
        Drawn drawn = figure.draw(new Subject(open, figure.id(), 0, count));
        assertThat(drawn.numbers()).isNotEmpty();
        assertThat(drawn.caption()).isNotBlank();
        for (Room room : List.of(Room.free(), Room.millimetres(70))) {
          Written.requireLegible(figure.title(), drawn.panels(), drawn.caption(), room);
        }
      }
    }
  }

  @Test
  void reconstructionNats_areTheMeanOverTheImages() {
    FigureReport two =
        draw(Figure.RECONSTRUCTIONS, RUNS.get("doubling"), 2, folder.resolve("a.png"));
    FigureReport many =
        draw(Figure.RECONSTRUCTIONS, RUNS.get("doubling"), 40, folder.resolve("b.png"));
    assertThat((double) two.numbers().get("reconstructionNats")).isBetween(-800.0, -50.0);
    double nats = (double) many.numbers().get("reconstructionNats");
    assertThat((double) many.numbers().get("reconstructionBitsPerDim"))
        .isCloseTo(-nats / (1024 * Math.log(2)), within(1e-9));
    assertThat(many.numbers()).containsEntry("images", 40).containsEntry("split", "test");
  }

  @Test
  void growth_hasAStateForTheSeedAndEveryStepAndDoubling() {
    Map<String, Object> doubling =
        draw(Figure.GROWTH, RUNS.get("doubling"), 1, folder.resolve("c.png")).numbers();
    assertThat(doubling)
        .containsEntry("steps", 10)
        .containsEntry("doublings", 4)
        .containsEntry("states", 15);
    assertThat(draw(Figure.GROWTH, RUNS.get("settling"), 1, folder.resolve("s.png")).numbers())
        .containsEntry("steps", 13)
        .containsEntry("doublings", 4)
        .containsEntry("states", 18);
    assertThat(draw(Figure.GROWTH, RUNS.get("non-doubling"), 1, folder.resolve("d.png")).numbers())
        .containsEntry("steps", 10)
        .containsEntry("doublings", 0)
        .containsEntry("states", 11);
  }

  @Test
  void damageDuringGrowth_isDoneBeforeEachStage() {
    Map<String, Object> numbers =
        draw(Figure.DAMAGE_DURING_GROWTH, RUNS.get("doubling"), 2, folder.resolve("e.png"))
            .numbers();
    assertThat(numbers.get("damageBefore")).isEqualTo(List.of("t=0", "t=2", "t=4", "t=6", "t=8"));
    assertThat((List<?>) numbers.get("distanceToUndamaged"))
        .allMatch(distance -> (double) distance > 0);
    assertThat(
            draw(Figure.DAMAGE_DURING_GROWTH, RUNS.get("settling"), 2, folder.resolve("u.png"))
                .numbers()
                .get("damageBefore"))
        .isEqualTo(numbers.get("damageBefore"));
    assertThat(
            draw(Figure.DAMAGE_DURING_GROWTH, RUNS.get("convolutional"), 2, folder.resolve("f.png"))
                .numbers()
                .get("damageBefore"))
        .isEqualTo(List.of("up 1", "up 2", "up 3", "up 4"));
    assertThat(
            draw(Figure.DAMAGE_DURING_GROWTH, RUNS.get("non-doubling"), 2, folder.resolve("g.png"))
                .numbers()
                .get("damageBefore"))
        .isEqualTo(List.of("t=0", "t=8"));
  }

  @Test
  void interpolation_hasTenPoints_andStabilityIsLookedAtEveryHundredStepsUpTo1000() {
    assertThat(
            draw(Figure.INTERPOLATION, RUNS.get("doubling"), 2, folder.resolve("h.png")).numbers())
        .containsEntry("points", 10);
    assertThat(
            draw(Figure.STABILITY, RUNS.get("non-doubling"), 2, folder.resolve("i.png")).numbers())
        .extractingByKey("furtherSteps")
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .extracting(step -> ((Number) step).intValue())
        .containsExactly(0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);
  }

  /** The original, the damage and each of ten steps; the seed, ten steps and four doublings. */
  @ParameterizedTest
  @CsvSource({"RECOVERY,non-doubling,12", "GROWTH,doubling,15", "GROWTH,non-doubling,11"})
  void gif_hasAFrameForEachState(Figure figure, String run, int frames) throws IOException {
    Path out = folder.resolve(figure.id() + "-" + run + ".gif");
    Figures.draw(figure, RUNS.get(run), options(true, 1, 3), out, TinyRuns.watch());
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(out.toFile())) {
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(frames);
    } finally {
      reader.dispose();
    }
  }

  @Test
  void seed_choosesTheSamples_andTheSameSeedDrawsTheSame() throws IOException {
    Path run = RUNS.get("doubling");
    Path first = folder.resolve("first.png");
    Path again = folder.resolve("again.png");
    Path other = folder.resolve("other.png");
    Figures.Options options = options(false, 4, 4);
    Figures.draw(Figure.SAMPLES, run, options, first, TinyRuns.watch());
    Figures.draw(Figure.SAMPLES, run, options, again, TinyRuns.watch());
    Figures.draw(Figure.SAMPLES, run, options(false, 5, 4), other, TinyRuns.watch());
    assertThat(again).hasSameBinaryContentAs(first);
    assertThat(Files.readAllBytes(other)).isNotEqualTo(Files.readAllBytes(first));
  }

  @Test
  void figureThatIsStopped_writesNothing() {
    StopSignal stop = new StopSignal();
    stop.request("Ctrl-C");
    Path out = folder.resolve("stopped.png");
    assertThatThrownBy(
            () ->
                Figures.draw(
                    Figure.STABILITY,
                    RUNS.get("doubling"),
                    options(false, 0, 2),
                    out,
                    TinyRuns.watch(stop)))
        .isInstanceOf(Stopped.class)
        .hasMessage("figure stability was stopped; nothing was written");
    assertThat(out).doesNotExist();
  }

  /** The same weights on other grids; at the size of the training, the same picture. */
  @Test
  void automaton_growsBeyondItsTraining() throws IOException {
    Path usual = folder.resolve("usual.png");
    Path same = folder.resolve("same.png");
    for (String run : List.of("doubling", "non-doubling")) {
      for (Figure figure : List.of(Figure.GROWTH, Figure.SAMPLES)) {
        grown(figure, run, GridSize.TRAINED, usual);
        grown(figure, run, size(run, 4, 32), same);
        assertThat(same).hasSameBinaryContentAs(usual);
      }
    }
    Map<String, Object> doubled =
        grown(Figure.GROWTH, "doubling", size("doubling", 5, 0), usual).numbers();
    assertThat(doubled).containsEntry("doublings", 5).containsEntry("steps", 12);
    assertThat(grown(Figure.GROWTH, "doubling", size("doubling", 2, 0), usual).numbers())
        .containsEntry("doublings", 2);
    assertThat(
            grown(Figure.SAMPLE_MEANS, "non-doubling", size("non-doubling", 0, 45), usual)
                .caption())
        .contains("45\u00d745");
    assertThatThrownBy(() -> grown(Figure.RECOVERY, "doubling", size("doubling", 5, 0), usual))
        .isInstanceOf(StudyException.class)
        .hasMessageStartingWith("figure recovery needs images of the size");
    assertThatThrownBy(() -> grown(Figure.GROWTH, "non-doubling", size("doubling", 5, 0), usual))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("has no doublings; give --side in place of --doublings");
    assertThatThrownBy(() -> grown(Figure.GROWTH, "doubling", size("non-doubling", 0, 45), usual))
        .hasMessageContaining("give --doublings in place of --side");
    assertThatThrownBy(() -> grown(Figure.SAMPLES, "convolutional", size("x", 0, 45), usual))
        .hasMessageContaining("needs a cellular automaton");
  }

  private static GridSize size(String run, int doublings, int side) {
    return run.equals("doubling")
        ? new GridSize(OptionalInt.of(doublings), OptionalInt.empty())
        : new GridSize(OptionalInt.empty(), OptionalInt.of(side));
  }

  private static FigureReport grown(Figure figure, String run, GridSize size, Path out) {
    return Figures.draw(
        figure,
        RUNS.get(run),
        new Figures.Options(
            false, Style.of(PictureFormat.PNG), 0, 1, size, ModelChoice.of("latest")),
        out,
        TinyRuns.watch());
  }

  private static Figures.Options options(boolean animated, long seed, int count) {
    return new Figures.Options(
        animated,
        Style.of(PictureFormat.PNG),
        seed,
        count,
        GridSize.TRAINED,
        ModelChoice.of("latest"));
  }

  private static FigureReport draw(Figure figure, Path run, int count, Path out) {
    return Figures.draw(figure, run, options(false, 0, count), out, TinyRuns.watch());
  }
}
