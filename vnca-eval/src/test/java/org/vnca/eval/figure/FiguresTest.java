package org.vnca.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.vnca.eval.StudyException;
import org.vnca.eval.TinyRuns;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.StopSignal;

class FiguresTest {
  @TempDir static Path folder;
  private static final Map<String, Path> RUNS = new LinkedHashMap<>();

  @BeforeAll
  static void train() throws IOException {
    RUNS.put("doubling", TinyRuns.train(folder.resolve("doubling"), TinyRuns.DOUBLING));
    RUNS.put("non-doubling", TinyRuns.train(folder.resolve("healing"), TinyRuns.NON_DOUBLING));
    RUNS.put("convolutional", TinyRuns.train(folder.resolve("baseline"), TinyRuns.CONVOLUTIONAL));
  }

  @ParameterizedTest
  @EnumSource(Figure.class)
  void figure_isDrawnOfEveryDecoderThatHasIt(Figure figure) throws IOException {
    int count = figure == Figure.LATENT_MAP ? 120 : 2;
    for (Map.Entry<String, Path> run : RUNS.entrySet()) {
      Path out = folder.resolve(run.getKey() + "-" + figure.id() + ".png");
      if (figure.needsAutomaton() && run.getKey().equals("convolutional")) {
        assertThatThrownBy(() -> draw(figure, run.getValue(), count, out))
            .isInstanceOf(StudyException.class)
            .hasMessageStartingWith("figure " + figure.id() + " needs a cellular automaton")
            .hasMessageContaining(run.getValue().toString());
        assertThat(out).doesNotExist();
      } else {
        FigureReport report = draw(figure, run.getValue(), count, out);
        assertThat(report.decoder()).isEqualTo(run.getKey());
        assertThat(report.step()).isEqualTo(30);
        assertThat(report.numbers()).isNotEmpty();
        assertThat(report.caption()).isNotBlank();
        assertThat(drawn(ImageIO.read(out.toFile()))).isGreaterThan(0.003);
      }
    }
  }

  /** The share of the middle's pixels that is not white: no title or caption reaches there. */
  private static double drawn(BufferedImage picture) {
    int from = picture.getHeight() / 3;
    int to = 2 * picture.getHeight() / 3;
    int found = 0;
    for (int y = from; y < to; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        found += (picture.getRGB(x, y) & 0xffffff) == 0xffffff ? 0 : 1;
      }
    }
    return found / (double) (picture.getWidth() * (to - from));
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
    Figures.draw(
        figure,
        RUNS.get(run),
        new Figures.Options(Figures.GIF, 1, 3, ModelChoice.of("latest")),
        out,
        TinyRuns.watch());
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
    Figures.Options options = new Figures.Options(Figures.PNG, 4, 4, ModelChoice.of("latest"));
    Figures.draw(Figure.SAMPLES, run, options, first, TinyRuns.watch());
    Figures.draw(Figure.SAMPLES, run, options, again, TinyRuns.watch());
    Figures.draw(
        Figure.SAMPLES,
        run,
        new Figures.Options(Figures.PNG, 5, 4, ModelChoice.of("latest")),
        other,
        TinyRuns.watch());
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
                    new Figures.Options(Figures.PNG, 0, 2, ModelChoice.of("latest")),
                    out,
                    TinyRuns.watch(stop)))
        .isInstanceOf(Stopped.class)
        .hasMessage("figure stability was stopped; nothing was written");
    assertThat(out).doesNotExist();
  }

  @Test
  void ticks_areRoundAndCoverTheValues() {
    Chart.Range range = Chart.Range.of(List.of(new double[] {-83.2, -120.7}));
    assertThat(range.ticks().get(0)).isLessThanOrEqualTo(-120.7);
    assertThat(range.max()).isGreaterThanOrEqualTo(-83.2);
    assertThat(range.step()).isEqualTo(10);
    assertThat(Chart.Range.of(List.of(new double[] {0, 0.12})).name(0.02)).isEqualTo("0.02");
    assertThat(Chart.Range.of(List.of(new double[] {3, 3})).ticks()).hasSizeGreaterThan(1);
  }

  private static FigureReport draw(Figure figure, Path run, int count, Path out) {
    return Figures.draw(
        figure,
        run,
        new Figures.Options(Figures.PNG, 0, count, ModelChoice.of("latest")),
        out,
        TinyRuns.watch());
  }
}
