package org.vnca.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.fault.DatasetException;
import org.vnca.eval.figure.AllFigures;
import org.vnca.eval.figure.Figure;
import org.vnca.eval.figure.FigureReport;
import org.vnca.eval.figure.Figures;
import org.vnca.eval.figure.Style;
import org.vnca.eval.probe.Probe;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.trainer.ModelChoice;

/** What asks for labels, of a run on data that have none. */
class UnlabelledDataTest {
  @TempDir static Path folder;
  private static Path data;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    data = OwnData.write(folder.resolve("own.h5"), 120);
    run = TinyRun.train(folder, OwnRun.DECODER, OwnRun.overrides(data, 4));
  }

  @Test
  void probe_saysWhatIsMissing_andWritesNothing() {
    assertThatThrownBy(
            () ->
                Probe.of(
                    run, new Probe.Options(null, 0, ModelChoice.of("latest")), TinyRun.watch()))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "the probe needs labels, but split train of dataset "
                + data
                + " has none; import the data again with its labels (of pictures: --labels-by-folder;"
                + " ./vnca help data import) and"
                + " train on that");
    assertThat(run.resolve("evaluation"))
        .satisfiesAnyOf(
            made -> assertThat(made).doesNotExist(), made -> assertThat(made).isEmptyDirectory());
  }

  @Test
  void latentMap_isDrawnInOneColour_andSaysSo() {
    Path out = folder.resolve("map.png");
    FigureReport report =
        Figures.draw(
            Figure.LATENT_MAP,
            run,
            new Figures.Options(
                false,
                Style.of(PictureFormat.PNG),
                0,
                120,
                GridSize.TRAINED,
                ModelChoice.of("latest")),
            out,
            TinyRun.watch());
    assertThat(report.caption()).contains("120 test images, whose labels are not known.");
    assertThat(report.numbers()).containsEntry("images", 120);
    assertThat(report.numbers().keySet()).noneMatch(name -> name.startsWith("sameLabel"));
    assertThat(out).exists();
  }

  /** A page with the pictures that there are, and why others are not. */
  @Test
  void allFigures_areThoseThatMakeSense_andAPageShowsThem() throws IOException {
    Path all = folder.resolve("all");
    ModelChoice elsewhere =
        new ModelChoice(
            "latest", Optional.empty(), Optional.of(folder.resolve("lost.h5").toString()));
    AllFigures.Report report =
        AllFigures.draw(run, Style.of(PictureFormat.SVG), 0, elsewhere, all, TinyRun.watch());
    assertThat(report.figures())
        .extracting(FigureReport::figure)
        .contains("samples", "sample-means", "damage-during-growth");
    assertThat(report.leftOut().keySet())
        .contains("reconstructions", "interpolation", "latent-map");
    assertThat(report.figures().size() + report.leftOut().size()).isEqualTo(10);
    String page = Files.readString(Path.of(report.index()));
    for (FigureReport figure : report.figures()) {
      assertThat(Path.of(figure.file())).hasParent(all).hasExtension("svg").isNotEmptyFile();
      assertThat(page).contains("src=\"" + figure.figure() + ".svg\"");
    }
    assertThat(page).contains("<td>latent-map</td><td>").contains("lost.h5");
  }
}
