package org.vnca.train.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TensorBoard's own loader reads what is written. Needs a Python with the package tensorboard,
 * named by the environment variable VNCA_PYTHON, or else python3.
 */
class TensorBoardLoadsTest {
  private static final String PYTHON =
      Objects.requireNonNullElse(System.getenv("VNCA_PYTHON"), "python3");

  @TempDir Path directory;

  @BeforeEach
  void skipWithoutTensorBoard() throws Exception {
    boolean found;
    try {
      found = exitOf(List.of(PYTHON, "-c", "import tensorboard"), directory.resolve("import")) == 0;
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(found, PYTHON + " has no package tensorboard; VNCA_PYTHON may name one that has");
  }

  @Test
  void allKindsOfReports_areLoaded() throws Exception {
    Path logs = directory.resolve("logs");
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB), "png", png);
    try (EventWriter writer = EventWriter.open(logs)) {
      writer.hparams(Map.of("train.batch", 32, "name", "mnist"), 1_700_000_000, "mnist");
      writer.sessionEnd(true, 1_700_000_100);
      writer.scalar("loss", 95.5, 10);
      writer.image("samples", png.toByteArray(), 10);
      writer.text("descriptor", "β = 1", 10);
    }
    JsonNode run = load(logs).path(".");
    JsonNode start = run.path("_hparams_/session_start_info");
    assertThat(start.path("group").asText()).isEqualTo("mnist");
    assertThat(start.path("start").asDouble()).isEqualTo(1_700_000_000);
    assertThat(start.path("hparams").path("train.batch").asDouble()).isEqualTo(32);
    assertThat(start.path("hparams").path("name").asText()).isEqualTo("mnist");
    assertThat(run.path("_hparams_/session_end_info").path("status").asInt()).isOne();
    assertThat(run.path("loss").path("plugin").asText()).isEqualTo("scalars");
    assertThat(run.path("loss").path("points").toString()).isEqualTo("[[10,95.5]]");
    assertThat(run.path("samples").path("plugin").asText()).isEqualTo("images");
    assertThat(run.path("samples").path("points").toString()).isEqualTo("[[10,6,4,\"89504e47\"]]");
    assertThat(run.path("descriptor").path("points").toString()).isEqualTo("[[10,\"β = 1\"]]");
  }

  @Test
  void resumedRun_showsNoOrphans_evenAfterATornRecord() throws Exception {
    Path logs = directory.resolve("logs");
    Path torn;
    try (EventWriter first = EventWriter.open(logs)) {
      torn = first.file();
      for (int step = 100; step <= 400; step += 100) {
        first.scalar("loss", 1, step);
      }
      first.scalar("orphan", 1, 400);
      first.scalar("torn", 1, 401);
    }
    byte[] bytes = Files.readAllBytes(torn);
    Files.write(torn, Arrays.copyOf(bytes, bytes.length - 9));
    try (EventWriter second = EventWriter.open(logs, 200)) {
      second.scalar("loss", 2, 300);
    }
    JsonNode run = load(logs).path(".");
    assertThat(run.path("loss").path("points").toString())
        .isEqualTo("[[100,1.0],[200,1.0],[300,2.0]]");
    assertThat(run.path("orphan").path("points").isEmpty()).isTrue();
    assertThat(run.has("torn")).isFalse();
  }

  private JsonNode load(Path logs) throws Exception {
    Path printed = directory.resolve("loaded.json");
    Path script = Path.of("src/test/python/load_events.py");
    int exit = exitOf(List.of(PYTHON, script.toString(), logs.toString()), printed);
    assertThat(exit).as(() -> "errors: " + contents(printed + ".errors")).isZero();
    return new ObjectMapper().readTree(printed.toFile());
  }

  private static int exitOf(List<String> command, Path output) throws Exception {
    return new ProcessBuilder(command)
        .redirectOutput(output.toFile())
        .redirectError(Path.of(output + ".errors").toFile())
        .start()
        .waitFor();
  }

  private static String contents(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
