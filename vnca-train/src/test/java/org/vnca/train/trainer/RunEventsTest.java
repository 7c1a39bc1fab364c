package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;

/** The event files of a training say what its metrics and figures say. */
class RunEventsTest {
  private static final String DESCRIPTOR =
      """
      name: tiny
      data: {file: "embedded:digits", pad-to: 32}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: {steps: 2, update: {hidden: 8, blocks: 1}}
      train:
        steps: 12
        batch: 8
        samples: 2
        device: cpu
        report: {every: 3}
        validation: {every: 6, images: 16}
        images: {every: 6}
      """;

  @TempDir static Path folder;
  private static RunDirectory run;

  @BeforeAll
  static void train() throws IOException {
    Path descriptor = folder.resolve("tiny.yaml");
    Files.writeString(descriptor, DESCRIPTOR);
    PrintStream nobody = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    run =
        RunDirectory.open(
            Trainer.start(
                    ExperimentReader.read(descriptor),
                    folder,
                    folder.resolve("run"),
                    Manifest.here(folder),
                    new Watch(true, nobody, new StopSignal()))
                .run());
  }

  @Test
  void scalarsOfTraining_areThoseOfTheMetrics() throws IOException {
    assertScalars(run.eventsTrain(), "loss", "lossNats", 3L, 6L, 9L, 12L);
    assertScalars(run.eventsTrain(), "reconstruction", "reconstructionNats", 3L, 6L, 9L, 12L);
    assertScalars(run.eventsTrain(), "kl", "klNats", 3L, 6L, 9L, 12L);
    assertScalars(run.eventsTrain(), "iwae_bound", "iwaeBound", 3L, 6L, 9L, 12L);
    assertScalars(run.eventsTrain(), "gradient_norm", "gradientNorm", 3L, 6L, 9L, 12L);
  }

  @Test
  void scalarsOfValidation_areThoseOfTheMetrics() throws IOException {
    assertScalars(run.eventsValidation(), "bound", "validationNats", 6L, 12L);
  }

  @Test
  void imagesOfTheLastStep_areTheFigures() throws IOException {
    assertImage(run.eventsTrain(), "samples");
    assertImage(run.eventsTrain(), "sample-means");
    assertImage(run.eventsTrain(), "growth");
    assertImage(run.eventsValidation(), "reconstructions");
  }

  /** What they hold is decoded by the writer's own test, and by TensorBoard where it is there. */
  @Test
  void settingsOfTheRun_areThereOnce_andItsEnd() throws IOException {
    assertThat(values(run.eventsTrain().getParent(), "_hparams_/session_start_info")).hasSize(1);
    assertThat(values(run.eventsTrain().getParent(), "_hparams_/session_end_info")).hasSize(1);
  }

  @Test
  void damagedRecord_isSeen() throws IOException {
    assertThat(WireEvents.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xe3069283);
    Path copy = Files.createDirectory(folder.resolve("damaged"));
    Path file;
    try (Stream<Path> files = Files.list(run.eventsTrain())) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(copy.resolve("events"), bytes);
    assertThatThrownBy(() -> WireEvents.readDirectory(copy))
        .isInstanceOf(AssertionError.class)
        .hasMessage("the CRC of a record is wrong");
  }

  private static void assertScalars(Path directory, String tag, String key, Long... steps)
      throws IOException {
    List<WireEvents.Value> values = values(directory, tag);
    assertThat(values).extracting(WireEvents.Value::step).containsExactly(steps);
    List<Map<String, Object>> lines =
        MetricsLog.read(run.metrics()).stream().filter(line -> line.containsKey(key)).toList();
    assertThat(lines).hasSameSizeAs(values);
    for (int i = 0; i < values.size(); i++) {
      Number expected = (Number) lines.get(i).get(key);
      assertThat(((Number) lines.get(i).get("step")).longValue()).isEqualTo(values.get(i).step());
      assertThat(values.get(i).scalar()).as(tag).isCloseTo(expected.floatValue(), within(1e-4f));
    }
  }

  private static void assertImage(Path directory, String tag) throws IOException {
    List<WireEvents.Value> values = values(directory, tag);
    assertThat(values).as(tag).extracting(WireEvents.Value::step).containsExactly(6L, 12L);
    WireEvents.Value last = values.get(1);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(last.png()));
    BufferedImage figure = ImageIO.read(run.figures().resolve(tag + ".png").toFile());
    assertThat(image.getWidth()).isEqualTo(last.width()).isEqualTo(figure.getWidth());
    assertThat(image.getHeight()).isEqualTo(last.height()).isEqualTo(figure.getHeight());
    assertThat(pixels(image)).isEqualTo(pixels(figure));
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  private static List<WireEvents.Value> values(Path directory, String tag) throws IOException {
    return WireEvents.readDirectory(directory).stream()
        .filter(value -> value.tag().equals(tag))
        .toList();
  }
}
