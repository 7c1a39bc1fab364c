package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults in what the words point at: exit status 1 and one line. */
class FaultsTest {
  @TempDir Path folder;

  @Test
  void faultsOfADescriptor_exit1NamingFileLineAndKey() throws IOException {
    Path descriptor = folder.resolve("x.yaml");
    Files.writeString(descriptor, "name: x\ntrain:\n  batch: 0\n");
    assertFails(
        "x.yaml:3: train.batch must be at least 1, but is 0", "train", descriptor.toString());
    Files.writeString(descriptor, "name: x\ntrain:\n  bach: 3\n");
    assertFails("x.yaml:3: no such key train.bach", "train", descriptor.toString());
    Files.writeString(descriptor, "name: x\n");
    assertFails(
        "--set train.batch=many: train.batch must be a whole number, but is many",
        "train",
        descriptor.toString(),
        "--set",
        "train.batch=many");
    assertFails("none.yaml: there is no such file", "train", folder + "/none.yaml");
    Files.writeString(descriptor, "name: x\ndata:\n  file: none.h5\n");
    assertFails(
        "x.yaml:3: data.file: dataset none.h5 does not exist", "train", descriptor.toString());
    String sizes = "name: x\ndata: {file: \"embedded:digits\", pad-to: 0}\nmodel:\n  latent: 8\n";
    Files.writeString(descriptor, sizes);
    assertFails(
        "model.decoder must make images of the data's size, 28x28x1",
        "train",
        descriptor.toString());
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void missingRun_exits1() {
    assertFails("there is no run", "evaluate", folder + "/none");
    assertFails("there is no run", "resume", folder + "/none");
    assertFails(
        "is not a run: it has no experiment.yaml", "sample", folder.toString(), "--out", "x.png");
  }

  @Test
  void damagedDataset_exits1AndWritesNothing() throws IOException {
    Path data = folder.resolve("broken.h5");
    Files.write(data, new byte[] {1, 2, 3});
    assertFails("broken.h5", "data", "info", data.toString());
    Path images = folder.resolve("amat");
    Files.createDirectory(images);
    Path out = folder.resolve("out.h5");
    assertFails(
        "binarized_mnist_train.amat",
        "data",
        "import",
        "binarized-mnist",
        images.toString(),
        "--out",
        out.toString());
    assertThat(out).doesNotExist();
  }

  private void assertFails(String message, String... words) {
    Called called = Called.with(words);
    assertThat(called.status()).as(String.join(" ", words)).isEqualTo(1);
    assertThat(called.out()).isEmpty();
    assertThat(called.err().strip().lines()).hasSize(1);
    assertThat(called.err()).startsWith("vnca: ").contains(message);
  }
}
