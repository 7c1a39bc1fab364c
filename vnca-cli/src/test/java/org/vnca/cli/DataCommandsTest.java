package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataCommandsTest {
  @TempDir Path directory;

  private void idx(String name, int... dimensions) throws IOException {
    int values = 1;
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * dimensions.length);
    header.putInt(0x0800 + dimensions.length);
    for (int dimension : dimensions) {
      header.putInt(dimension);
      values *= dimension;
    }
    ByteBuffer file = ByteBuffer.allocate(header.capacity() + values).put(header.flip());
    for (int i = 0; i < values; i++) {
      file.put((byte) (i % 10));
    }
    Files.write(directory.resolve(name), file.array());
  }

  private String[] importing(String... more) throws IOException {
    idx("train-images-idx3-ubyte", 20, 28, 28);
    idx("train-labels-idx1-ubyte", 20);
    idx("t10k-images-idx3-ubyte", 10, 28, 28);
    idx("t10k-labels-idx1-ubyte", 10);
    String line = "data import mnist " + directory + " --out " + directory.resolve("m.h5");
    return (line + " " + String.join(" ", more)).strip().split(" ", -1);
  }

  @Test
  void imported_isDescribed() throws IOException {
    Called made = Called.with(importing("--hold-out", "5", "--binarize", "7", "--json"));
    assertThat(made.status()).as(made.err()).isZero();
    JsonNode images = made.json().path("images");
    assertThat(images.path("train").asInt()).isEqualTo(15);
    assertThat(images.path("valid").asInt()).isEqualTo(5);

    String file = made.json().path("file").asText();
    JsonNode info = Called.with("data", "info", file, "--json").json();
    assertThat(info.path("checksum")).isEqualTo(made.json().path("checksum"));
    assertThat(info.path("pixels").asText()).isEqualTo("binary");
    assertThat(info.path("splits")).hasSize(3);
    assertThat(Called.with("data", "info", file).out())
        .contains(
            "name    mnist", "valid  5 ", "test   10 ", "28 x 28 x 1", "10 classes of 1 to 1");
  }

  @Test
  void existingFile_isReplacedOnlyByForce() throws IOException {
    assertThat(Called.with(importing()).out()).contains("train 20, test 10 images");
    Called again = Called.with(importing());
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).startsWith("vnca: ").contains("m.h5 exists", "--force");
    assertThat(Called.with(importing("--force")).status()).isZero();
  }
}
