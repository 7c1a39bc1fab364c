package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.image.ImageShape;
import org.vnca.data.fault.DatasetException;
import org.vnca.eval.OpenRun;
import org.vnca.eval.TinyRun;
import org.vnca.eval.TinyRuns;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;

class PlaygroundTest {
  private static final ModelChoice LATEST = ModelChoice.of("latest");

  @TempDir private static Path folder;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    run =
        TinyRun.train(
            folder,
            TinyRuns.DOUBLING,
            "train.steps=2",
            "train.validation.every=0",
            "train.images.every=0");
  }

  @Test
  void page_holdsTheModelItsExamplesAndWhereItComesFrom() throws IOException {
    RunDirectory.open(run)
        .writeEvaluation(
            "iwae-test",
            Map.of(
                "bound",
                "iwae",
                "nats",
                -200.5,
                "natsStandardError",
                1.5,
                "bitsPerDim",
                0.28,
                "samples",
                16,
                "images",
                10,
                "split",
                "test",
                "step",
                2));
    Path out = folder.resolve("play.html");
    PlaygroundReport report =
        Playground.write(
            run, new Playground.Options(LATEST, WeightFormat.FLOAT32), out, TinyRun.watch());
    String html = Files.readString(out);
    assertThat(html).contains("<title>" + run.getFileName()).doesNotContain("<!-- vnca:");
    JsonNode model = model(html);
    assertThat(model.path("format").asInt()).isEqualTo(1);
    assertThat(model.path("stages")).hasSize(5);
    assertThat(model.path("image").path("inner").toString())
        .isEqualTo("{\"top\":2,\"left\":2,\"height\":28,\"width\":28}");
    JsonNode about = model.path("about");
    assertThat(about.path("name").asText()).isEqualTo("tiny");
    assertThat(about.path("bound").path("nats").asDouble()).isEqualTo(-200.5);
    assertThat(about.path("bound").path("n").asInt()).isEqualTo(16);
    assertThat(about.path("bound").path("split").asText()).isEqualTo("test");
    assertThat(about.path("dataset").asText()).isEqualTo("embedded:digits");
    assertThat(html).doesNotContain(folder.toString());
    assertThat(report.examples()).isEqualTo(64);
    assertThat(report.notes()).isEmpty();
    assertThat(report.bytes()).isEqualTo(Files.size(out));
    assertThat(about.path("parameters").asLong()).isEqualTo(report.parameters());
    int numbers = 0;
    for (JsonNode tensor : model.path("weights").path("tensors")) {
      int count = 1;
      for (JsonNode size : tensor.path("shape")) {
        count *= size.asInt();
      }
      numbers += count;
      assertThat(tensor.path("name").asText()).startsWith("decoder/");
    }
    assertThat(numbers).isEqualTo((int) report.parameters());
    examplesAreTheModels(model.path("examples"));
    assertThat(model.path("dimensions")).hasSize(8);
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode dimension : model.path("dimensions")) {
      assertThat(dimension.path("variance").asDouble()).isLessThanOrEqualTo(before);
      before = dimension.path("variance").asDouble();
    }
  }

  /** As many of every label; each with its encoding, its image and its reconstruction. */
  private static void examplesAreTheModels(JsonNode examples) throws IOException {
    TreeMap<Integer, Integer> labels = new TreeMap<>();
    examples.path("labels").forEach(label -> labels.merge(label.asInt(), 1, Integer::sum));
    assertThat(labels).hasSize(10);
    assertThat(labels.values()).allMatch(count -> count == 6 || count == 7);
    float[] latents = Truth.floats(examples.path("latents").asText());
    assertThat(latents).hasSize(64 * 8);
    BufferedImage originals = picture(examples.path("originals"));
    BufferedImage reconstructions = picture(examples.path("reconstructions"));
    assertThat(originals.getWidth()).isEqualTo(8 * 32);
    assertThat(originals.getHeight()).isEqualTo(8 * 32);
    try (OpenRun open = OpenRun.open(run, LATEST, TinyRun.watch())) {
      OpenRun.TestImages all = open.images(0, 0);
      int[] trueLabels = all.labels().orElseThrow();
      int shown = 11;
      long number = examples.path("numbers").get(shown).asLong();
      for (int i = 0; i < all.count(); i++) {
        if (all.numbers(i, i + 1)[0] == number) {
          byte[] image = all.read(i, i + 1);
          assertThat(trueLabels[i]).isEqualTo(examples.path("labels").get(shown).asInt());
          float[] latent = open.session().sampling().posteriorMeans(image)[0];
          for (int z = 0; z < 8; z++) {
            assertThat(latents[shown * 8 + z]).isCloseTo(latent[z], within(1e-4f));
          }
          requireTile(originals, shown, open.session().sampling().pixels(image)[0], 0);
          requireTile(
              reconstructions,
              shown,
              open.session().sampling().means(new float[][] {latent})[0],
              1);
          return;
        }
      }
    }
    throw new AssertionError("the example is not of the split");
  }

  private static void requireTile(BufferedImage sheet, int place, float[] values, int levels) {
    PixelImage wanted = PixelImage.of(values, new ImageShape(32, 32, 1));
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        // Not by getRGB, which would pass through grey's linear colours.
        int found = sheet.getRaster().getSample(place % 8 * 32 + x, place / 8 * 32 + y, 0);
        assertThat(Math.abs(found - (wanted.rgb(x, y) & 0xff))).isLessThanOrEqualTo(levels);
      }
    }
  }

  private static BufferedImage picture(JsonNode address) throws IOException {
    String text = address.asText();
    return ImageIO.read(
        new ByteArrayInputStream(
            Base64.getDecoder().decode(text.substring("data:image/png;base64,".length()))));
  }

  @Test
  void weightsOf16Bits_areHalfAsLong() throws IOException {
    Path out = folder.resolve("half.html");
    Playground.write(
        run, new Playground.Options(LATEST, WeightFormat.FLOAT16), out, TinyRun.watch());
    String html = Files.readString(out);
    JsonNode weights = model(html).path("weights");
    assertThat(weights.path("type").asText()).isEqualTo("float16");
    int parameters = model(html).path("about").path("parameters").asInt();
    assertThat(Base64.getDecoder().decode(element(html, "vnca-weights"))).hasSize(2 * parameters);
  }

  @Test
  void withoutTheDataset_thePageGoesWithoutExamplesAndSaysSo() throws IOException {
    Path moved = folder.resolve("moved");
    copy(run, moved);
    Path manifest = moved.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replaceAll("\"sha256\" : \"....", "\"sha256\" : \"0000"));
    Path out = folder.resolve("bare.html");
    PlaygroundReport report =
        Playground.write(
            moved, new Playground.Options(LATEST, WeightFormat.FLOAT32), out, TinyRun.watch());
    assertThat(report.examples()).isZero();
    assertThat(report.notes()).hasSize(1).first().asString().contains("without the dataset");
    JsonNode model = model(Files.readString(out));
    assertThat(model.path("examples").isNull()).isTrue();
    assertThat(model.path("dimensions").isNull()).isTrue();
    assertThat(model.path("about").path("notes").get(0).asText()).isEqualTo(report.notes().get(0));
    Path named = folder.resolve("named.html");
    ModelChoice data = new ModelChoice("latest", Optional.empty(), Optional.of("embedded:digits"));
    assertThatThrownBy(
            () ->
                Playground.write(
                    moved,
                    new Playground.Options(data, WeightFormat.FLOAT32),
                    named,
                    TinyRun.watch()))
        .isInstanceOf(DatasetException.class);
    assertThat(named).doesNotExist();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static JsonNode model(String html) throws IOException {
    return new ObjectMapper().readTree(element(html, "vnca-model"));
  }

  private static String element(String html, String id) {
    int start = html.indexOf('>', html.indexOf("id=\"" + id + "\"")) + 1;
    return html.substring(start, html.indexOf("</script>", start)).strip();
  }

  @Test
  void place_isAmongTheRunsFigures() {
    assertThat(Playground.place(run)).isEqualTo(run.resolve("figures").resolve("playground.html"));
    assertThat(List.of(WeightFormat.ids())).containsExactly(List.of("float32", "float16"));
  }
}
