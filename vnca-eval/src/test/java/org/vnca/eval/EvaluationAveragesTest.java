package org.vnca.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.measure.ImageBound;
import org.vnca.train.trainer.ModelWeights;

/** Every figure of the report, worked out by hand for three images. */
class EvaluationAveragesTest {
  private static final int DIMENSIONS = 16;

  @TempDir Path folder;

  @Test
  void report_hasTheMeansOfTheTable_theirErrorsAndBits() throws IOException {
    EvaluationHeader header =
        new EvaluationHeader(
            "r",
            7,
            "c",
            "d",
            "test",
            3,
            5,
            List.of(1, 128),
            0,
            ModelWeights.TRAINED,
            false,
            Map.of());
    Path table = folder.resolve(header.fileName() + ".csv");
    int[] images = {4, 2, 9};
    EvaluationReport report;
    try (EvaluationFile file = EvaluationFile.open(table, header, images, Unfinished.DISCARD)) {
      file.append(
          List.of(
              new ImageBound(4, List.of(-90.0, -80.0), -60, 20),
              new ImageBound(2, List.of(-93.0, -84.0), -66, 23)));
      file.append(List.of(new ImageBound(9, List.of(-99.0, -85.0), -69, 29)));
      report =
          new EvaluationAverages(header, DIMENSIONS)
              .addAll(file)
              .report(folder, new double[] {0.5, 0.01, 0.0100001, 0}, 2.5);
      file.finish();
    }
    assertThat(Files.exists(table)).isTrue();
    double bits = 1 / (DIMENSIONS * Math.log(2));
    // Of 90, 93, 99 the deviations are 4, 1, -5: squares 42, over 2, over 3.
    assertBound(report.bounds().get(0), 1, -94, Math.sqrt(7), 94 * bits);
    // Of 80, 84, 85: 3, -1, -2: squares 14.
    assertBound(report.bounds().get(1), 128, -83, Math.sqrt(14 / 6.0), 83 * bits);
    assertThat(report.bounds()).hasSize(2);
    assertThat(report.samples()).isEqualTo(128);
    assertThat(report.bound()).isEqualTo("iwae");
    assertClose(report.nats(), -83);
    assertClose(report.natsStandardError(), Math.sqrt(14 / 6.0));
    assertClose(report.bitsPerDim(), 83 * bits);
    assertClose(report.reconstructionNats(), -65);
    assertClose(report.klNats(), 24);
    assertClose(report.elboNats(), -89);
    // Of 60, 66, 69: 5, -1, -4: 42. Of 20, 23, 29: -4, -1, 5: 42. Of 80, 89, 98: 9, 0, -9: 162.
    assertClose(report.reconstructionNatsStandardError(), Math.sqrt(7));
    assertClose(report.klNatsStandardError(), Math.sqrt(7));
    assertClose(report.elboNatsStandardError(), Math.sqrt(27));
    assertClose(report.reconstructionBitsPerDim(), 65 * bits);
    assertClose(report.klBitsPerDim(), 24 * bits);
    assertClose(report.elboBitsPerDim(), 89 * bits);
    // A unit whose variance is the threshold itself is not active (Burda et al. 2016).
    assertThat(report.activeUnits()).isEqualTo(2);
    assertThat(report.latentUnits()).isEqualTo(4);
    assertThat(report.run()).isEqualTo(folder.toString());
    assertThat(report.step()).isEqualTo(7);
    assertThat(report.split()).isEqualTo("test");
    assertThat(report.images()).isEqualTo(3);
    assertThat(report.seconds()).isEqualTo(2.5);
    assertThat(report.seed()).isEqualTo(5);
    assertThat(report.perImage()).isEqualTo(table.getFileName().toString());
  }

  private static void assertBound(
      EvaluationReport.Bound bound, int samples, double nats, double error, double bits) {
    assertThat(bound.samples()).isEqualTo(samples);
    assertClose(bound.nats(), nats);
    assertClose(bound.natsStandardError(), error);
    assertClose(bound.bitsPerDim(), bits);
  }

  private static void assertClose(double value, double expected) {
    assertThat(value).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
  }
}
