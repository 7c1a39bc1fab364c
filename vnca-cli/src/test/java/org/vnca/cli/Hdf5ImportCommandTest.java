package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data import hdf5} and {@code data info} of a file that another program made. */
final class Hdf5ImportCommandTest {
  @TempDir private Path directory;

  private Path foreign() {
    Path file = directory.resolve("theirs.h5");
    float[][][][] images = new float[8][3][6][5];
    for (int i = 0; i < 8; i++) {
      images[i][i % 3][1][2] = i / 7f;
    }
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("x_train", images);
      hdf.putDataset("x_test", images);
      hdf.putDataset("y_train", new long[] {0, 1, 2, 0, 1, 2, 0, 1});
      hdf.putDataset("other", new double[] {1, 2});
    }
    return file;
  }

  @Test
  void foreignFile_isImportedAndSaysWhatWasDone() {
    String file = foreign().toString();
    String out = directory.resolve("ours.h5").toString();
    Called info = Called.with("data", "info", file);
    assertThat(info.status()).isEqualTo(1);
    assertThat(info.err())
        .contains("./vnca data import hdf5 " + file, "--images 'x_{split}' --labels 'y_{split}'")
        .containsOnlyOnce("data import hdf5");

    Called made = Called.with("data", "import", "hdf5", file, "--out", out, "--json");
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.json().path("images").toString()).isEqualTo("{\"train\":8,\"test\":8}");
    assertThat(made.json().path("remarks").toString())
        .contains(
            "axes taken as NCHW, reordered",
            "scaled from 0..1 to levels of 0..255",
            "without labels: split test",
            "ignored: other ([2] ");
    assertThat(Called.with("data", "info", out).out()).contains("6 x 5 x 3", "3 classes");
  }

  @Test
  void wrongOrderOrScale_isRefused() {
    String file = foreign().toString();
    String out = directory.resolve("ours.h5").toString();
    assertThat(Called.with("data", "import", "hdf5", file, "--out", out, "--order", "nhwx").err())
        .contains("the order of axes must be the letters n, h, w");
    assertThat(Called.with("data", "import", "hdf5", file, "--out", out, "--scale", "1..0").err())
        .contains("the scale must be the values of black and white");
    assertThat(Called.with("data", "import", "hdf5", file, "--out", out, "--size", "4").err())
        .contains("--size is an option of data import images, not of data import hdf5");
  }
}
