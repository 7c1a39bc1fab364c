package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in processes of its own: train, evaluate, sample, list, stop, resume. */
class WholePathTest {
  private static final String TRAINING =
      """
      train:
        steps: 20
        batch: 8
        device: cpu
        validation: {every: 10, images: 16}
        images: {every: 20}
      evaluation: {samples: 4, images: 10, after-training: true}
      """;

  @TempDir Path folder;
  private String descriptor;

  @BeforeEach
  void write() throws IOException {
    descriptor = Tiny.write(folder, TRAINING).toString();
  }

  @Test
  void oneCommand_trainsEvaluatesAndDraws() throws Exception {
    Path run = folder.resolve("runs/one");
    JsonNode trained = json("train", descriptor, "--run", run.toString(), "--json");
    assertThat(trained.path("run").asText()).isEqualTo(run.toString());
    assertThat(trained.path("step").asInt()).isEqualTo(20);
    assertThat(trained.path("evaluation").path("nats").asDouble()).isNegative();
    BufferedImage samples = ImageIO.read(run.resolve("figures/samples.png").toFile());
    assertThat(samples.getWidth()).isGreaterThan(500);

    JsonNode bound = json("evaluate", run.toString(), "--samples", "3", "--images", "5", "--json");
    assertThat(bound.fieldNames())
        .toIterable()
        .contains(
            "run",
            "step",
            "split",
            "images",
            "samples",
            "bound",
            "nats",
            "natsStandardError",
            "bitsPerDim",
            "elboNats",
            "reconstructionNats",
            "klNats",
            "seconds");
    assertThat(bound.path("samples").asInt()).isEqualTo(3);

    Path sheet = folder.resolve("sheet.png");
    json("sample", run.toString(), "--out", sheet.toString(), "--count", "9", "--mean", "--json");
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isLessThan(samples.getWidth());

    Path growth = folder.resolve("growth.png");
    JsonNode figure =
        json("figure", "growth", run.toString(), "--out", growth.toString(), "--json");
    assertThat(figure.path("numbers").path("doublings").asInt()).isEqualTo(4);
    assertThat(figure.path("caption").asText()).contains("every doubling (4)");
    assertThat(ImageIO.read(growth.toFile()).getHeight()).isGreaterThan(400);

    JsonNode damage = json("damage", run.toString(), "--images", "3", "--steps", "2", "--json");
    assertThat(damage.path("curves")).hasSize(6);
    assertThat(Path.of(damage.path("picture").asText())).exists().hasParent(run.resolve("figures"));

    JsonNode resumed = json("resume", run.toString(), "--set", "train.steps=25", "--json");
    assertThat(resumed.path("step").asInt()).isEqualTo(25);
    JsonNode runs = json("runs", folder.resolve("runs").toString(), "--json");
    assertThat(runs.path("runs")).hasSize(1);
    assertThat(runs.path("runs").get(0).path("step").asInt()).isEqualTo(25);
  }

  @Test
  void ctrlC_savesSaysHowToGoOnAndExits130() throws Exception {
    Path run = folder.resolve("stopped");
    Process process =
        start("train", descriptor, "--run", run.toString(), "--set", "train.steps=100000");
    Path metrics = run.resolve("metrics.jsonl");
    while (process.isAlive() && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    // In a background job of a shell a process ignores Ctrl-C; then another signal must do.
    boolean ignored = ignoresInterrupt(process.pid());
    String signal = ignored ? "-TERM" : "-INT";
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ignored ? 143 : 130);
    assertThat(Files.readString(folder.resolve("err")))
        .contains("go on with: ./vnca resume " + run);
    assertThat(Files.readString(run.resolve("latest"))).startsWith("steps/");
    long step = Long.parseLong(Files.readString(run.resolve("latest")).strip().substring(6));
    JsonNode resumed =
        json("resume", run.toString(), "--set", "train.steps=" + (step + 2), "--json");
    assertThat(resumed.path("step").asLong()).isEqualTo(step + 2);
  }

  private static boolean ignoresInterrupt(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  private JsonNode json(String... words) throws Exception {
    Process process = start(words);
    assertThat(process.waitFor()).as(() -> String.join(" ", words) + "\n" + read("err")).isZero();
    String out = read("out");
    assertThat(out.strip().lines()).as(out).hasSize(1);
    return new ObjectMapper().readTree(out);
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Process start(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }
}
