package org.vnca.eval.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.fault.Stopped;
import org.vnca.eval.StudyException;
import org.vnca.eval.TinyRuns;
import org.vnca.eval.figure.DamageCurves;
import org.vnca.eval.figure.Style;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.run.RunListing;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.StopSignal;

class DamageStudyTest {
  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    run = TinyRuns.train(folder.resolve("healing"), TinyRuns.NON_DOUBLING);
  }

  @Test
  void study_beginsWhereTheDamageIs_andDoesNotDependOnTheBatch() throws IOException {
    DamageReport whole = DamageStudy.of(run, options(6, 8, 6), TinyRuns.watch());
    DamageReport pieces = DamageStudy.of(run, options(6, 8, 4), TinyRuns.watch());
    assertThat(whole.curves())
        .extracting(DamageReport.Curve::name)
        .containsExactly(
            "control", "square 16", "right half", "cells 25%", "noise 0.5", "3 x square 16");
    for (int c = 0; c < whole.curves().size(); c++) {
      DamageReport.Curve curve = whole.curves().get(c);
      DamageReport.Curve other = pieces.curves().get(c);
      for (int moment = 0; moment < curve.atSteps().size(); moment++) {
        DamageReport.Estimate bits = curve.bitsPerDim().get(moment);
        assertThat(bits.mean()).isBetween(bits.low(), bits.high());
        assertThat(other.bitsPerDim().get(moment).mean()).isCloseTo(bits.mean(), within(1e-4));
        assertThat(other.distance().get(moment).mean())
            .isCloseTo(curve.distance().get(moment).mean(), within(1e-5));
      }
    }
    DamageReport.Curve control = whole.curves().get(0);
    assertThat(control.atSteps()).hasSize(25).endsWith(24);
    assertThat(control.distance().get(0).mean()).isZero();
    assertThat(control.recovered().get(0).mean()).isEqualTo(1);
    assertThat(control.lastDistanceAboveControl().mean()).isZero();
    DamageReport.Curve square = whole.curves().get(1);
    assertThat(square.atSteps()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(square.distance().get(0).mean()).isPositive();
    DamageReport.Curve row = whole.curves().get(5);
    assertThat(row.damages()).hasSize(3);
    assertThat(row.atSteps()).hasSize(27).containsSubsequence(List.of(8, 8, 9));
    // The first of three squares is the same square.
    assertThat(row.distance().subList(0, 9)).isEqualTo(square.distance());
    assertThat(square.lastDistanceAboveControl().mean())
        .isCloseTo(
            square.distance().get(8).mean() - control.distance().get(8).mean(), within(1e-6));
    Path file = run.resolve("evaluation/" + whole.name() + ".json");
    assertThat(Files.readString(file)).contains("\"lastDistanceAboveControl\"", "\"square 16\"");
    assertThat(DamageCurves.draw(whole, Style.of(PictureFormat.PDF), Optional.empty()))
        .exists()
        .hasParent(run.resolve("figures"))
        .hasExtension("pdf");
    assertThat(RunListing.of(run.getParent()).runs().get(0).evaluation()).isEmpty();
  }

  @Test
  void sizesOfTheDamages_areThoseAskedFor_andStandInTheReport() throws IOException {
    Damages small = new Damages(3, 0.125, 2.5, 4);
    DamageReport report =
        DamageStudy.of(
            run,
            new DamageStudy.Options(4, 2, small, 0.02, 0, ModelChoice.of("latest"), 4),
            TinyRuns.watch());
    assertThat(report.curves())
        .extracting(DamageReport.Curve::name)
        .containsExactly(
            "control", "square 3", "right half", "cells 12.5%", "noise 2.5", "4 x square 3");
    assertThat(report.curves().get(5).damages()).hasSize(4);
    assertThat(report.curves().get(5).atSteps()).hasSize(12).endsWith(8);
    DamageReport usual = DamageStudy.of(run, options(4, 2, 4), TinyRuns.watch());
    // Less is cleared, and more noise is added.
    assertThat(first(report, 1)).isLessThan(first(usual, 1));
    assertThat(first(report, 2)).isEqualTo(first(usual, 2));
    assertThat(first(report, 3)).isLessThan(first(usual, 3));
    assertThat(first(report, 4)).isGreaterThan(first(usual, 4));
    String json = Files.readString(run.resolve("evaluation/" + report.name() + ".json"));
    assertThat(json.replaceAll("\\s", ""))
        .contains(
            "\"damages\":{\"squareSide\":3,\"cellShare\":0.125,\"noiseSigma\":2.5,\"squaresInRow\":4}");
    assertThat(run.resolve("evaluation/" + usual.name() + ".json")).exists();
  }

  private static double first(DamageReport report, int curve) {
    return report.curves().get(curve).distance().get(0).mean();
  }

  @Test
  void squareThatIsLargerThanTheGrid_isRefused() {
    DamageStudy.Options large =
        new DamageStudy.Options(
            4, 2, new Damages(33, 0.25, 0.5, 3), 0.02, 0, ModelChoice.of("latest"), 4);
    assertThatThrownBy(() -> DamageStudy.of(run, large, TinyRuns.watch()))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("square must be at most 32, the side of the grid, but is 33");
    assertThatThrownBy(() -> new Damages(0, 0, 0.5, 3)).hasMessageContaining("cell-share");
    assertThatThrownBy(() -> new Damages(0, 0.25, Double.NaN, 3))
        .hasMessageContaining("noise-sigma");
    assertThatThrownBy(() -> new Damages(0, 0.25, 0.5, 1))
        .hasMessageContaining("squares-in-row must be at least 2");
  }

  @Test
  void studyThatIsStopped_writesNothing() {
    StopSignal stop = new StopSignal();
    stop.request("Ctrl-C");
    assertThatThrownBy(() -> DamageStudy.of(run, options(3, 4, 16), TinyRuns.watch(stop)))
        .isInstanceOf(Stopped.class)
        .hasMessage("damage was stopped; nothing was written");
    assertThat(run.resolve("evaluation"))
        .satisfiesAnyOf(
            folder -> assertThat(folder).doesNotExist(),
            folder -> assertThat(folder).isDirectoryNotContaining("glob:**images3*"));
  }

  @Test
  void convolutionalDecoder_isRefused() throws IOException {
    Path other = TinyRuns.train(folder.resolve("baseline"), TinyRuns.CONVOLUTIONAL);
    assertThatThrownBy(() -> DamageStudy.of(other, options(3, 4, 16), TinyRuns.watch()))
        .isInstanceOf(StudyException.class)
        .hasMessageStartingWith("damage needs a cellular automaton, but the decoder of")
        .hasMessageContaining("convolutional");
  }

  private static DamageStudy.Options options(int images, int steps, int batch) {
    return new DamageStudy.Options(
        images, steps, Damages.DEFAULT, 0.02, 0, ModelChoice.of("latest"), batch);
  }
}
