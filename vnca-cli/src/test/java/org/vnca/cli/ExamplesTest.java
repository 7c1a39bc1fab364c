package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnca.cli.Outside.line;
import static org.vnca.cli.Outside.noted;
import static org.vnca.cli.Outside.set;
import static org.vnca.cli.Outside.started;
import static org.vnca.cli.Outside.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.hash.Sha256;
import org.vnca.cli.Outside.Said;

/** The project in {@code examples/growing}, compiled and used as its page says. */
final class ExamplesTest {
  private static final Path EXAMPLE = Path.of("../examples/growing");
  private static final Path SOURCES = EXAMPLE.resolve("src/main/java");
  private static final Path RESOURCES = EXAMPLE.resolve("src/main/resources");
  private static final String LIBRARY = "org.example.growing.GrowAndDamage";

  /** What makes the example small enough for a test. */
  private static final List<String> SMALL =
      List.of(
          "model.latent=10",
          "model.encoder.filters=2",
          "model.decoder.steps={min: 2, max: 3, evaluation: 3}",
          "model.decoder.update={type: growing, hidden: 8}",
          "train.steps=3",
          "train.batch=4",
          "train.pool={size: 8, damage: 4}",
          "train.validation={images: 4}",
          "train.images.every=0",
          "evaluation={after-training: false}");

  @TempDir static Path folder;

  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      Outside.compile(
          sources.filter(file -> file.toString().endsWith(".java")).toList(),
          folder.resolve("classes"));
    }
    jar = jar("");
  }

  /** The example's jar, with a comment that makes its checksum another one. */
  private static Path jar(String comment) throws IOException {
    Path made = folder.resolve("jar" + comment).resolve("growing.jar");
    return Outside.jar(made, comment, folder.resolve("classes"), RESOURCES);
  }

  @Test
  void jar_bringsADatasetARuleAndAProgram_andIsAskedForAgain() throws Exception {
    String data = folder.resolve("emoji-like.h5").toString();
    String run = folder.resolve("run").toString();
    String train = line("train", EXAMPLE.resolve("growing.yaml").toString(), "--run", run);
    train += set("data.file=" + data);
    for (String setting : SMALL) {
      train += set(setting);
    }
    Path sweep =
        Files.writeString(
            folder.resolve("sweep.yaml"),
            """
            name: sweep
            experiment: %s
            set: {data.file: %s}
            grid: {seed: [1, 2]}
            """
                .formatted(EXAMPLE.resolve("growing.yaml").toAbsolutePath(), data));
    String refused = train.replace(run, run + "-refused");
    List<Said> said =
        with(
            jar,
            line("help", "data", "import"),
            line("help", "data", "import", "emoji-like"),
            line("data", "import", "emoji-like", "--out", data, "--count", "9"),
            line("data", "import", "emoji-like", "--out", data, "--cuont", "9"),
            line("data", "import", "emoji-like", "--out", data, "--count", "40", "--size", "12"),
            refused + set("model.decoder.update.hiden=3"),
            refused + set("model.decoder.update.hidden=0"),
            train,
            line("sweep", sweep.toString(), "--print", "slurm"),
            line("evaluate", run, "--images", "2", "--samples", "1"));
    said.get(0).succeeds("FORMAT emoji-like: faces, hearts, suns and flowers");
    said.get(1).succeeds("Usage: ./vnca data import emoji-like", "--count N", "default: 1000");
    said.get(2).fails(2, "--count must be at least 10, but is 9");
    said.get(3).fails(2, "unknown data import emoji-like option '--cuont'; did you mean --count?");
    said.get(4).succeeds("emoji-like, train 32, valid 4, test 4 images");
    said.get(5)
        .fails(
            1,
            "no such key model.decoder.update.hiden with type growing; did you mean"
                + " model.decoder.update.hidden?");
    said.get(6).fails(1, "model.decoder.update.hidden must be at least 1, but is 0");
    said.get(7).succeeds("trained to step 3 of 3");
    said.get(8).succeeds("export VNCA_CLASSPATH=" + jar);
    said.get(9).succeeds("log p(x) >=");
    assertThat(noted(run)).hasSize(1);
    JsonNode noted = noted(run).get(0);
    assertThat(noted.path("name").asText()).isEqualTo("growing.jar");
    assertThat(noted.path("sha256").asText()).isEqualTo(Sha256.of(jar));
    assertThat(noted.path("kinds")).hasToString("[\"update rule growing\"]");

    String resume = line("resume", run) + set("train.steps=4");
    String picture = line("sample", run, "--out", folder.resolve("sample.png").toString());
    for (Said without : with(null, resume, picture)) {
      without.fails(
          1,
          run
              + " was trained with growing.jar (update rule growing), which is not on the class"
              + " path; set VNCA_CLASSPATH="
              + jar);
    }
    with(null, line("runs", folder.toString())).get(0).succeeds("was trained with growing.jar");

    Path other = jar("other");
    said = with(other, resume, picture, "-Dvnca.anyJar=true", resume);
    for (Said without : said.subList(0, 2)) {
      without.fails(
          1,
          other
              + " is not the jar that "
              + run
              + " was trained with: its sha256 is "
              + Sha256.of(other),
          "and that of the run's is " + Sha256.of(jar),
          "set VNCA_ANY_JAR=1 to go on with this one");
    }
    said.get(2).succeeds("trained to step 4 of 4");
    assertThat(noted(run).get(0).path("sha256").asText()).isEqualTo(Sha256.of(other));
    usesTheLibrary(other, run);
  }

  @Test
  void pom_dependsOnThisVersion() throws IOException {
    String parent = Files.readString(Path.of("../pom.xml"));
    String version = parent.split("<version>", 2)[1].split("</version>", 2)[0];
    assertThat(Files.readString(EXAMPLE.resolve("pom.xml")))
        .contains("<vnca.version>" + version + "</vnca.version>");
    assertThat(Files.readString(Path.of("../docs/extending.md")))
        .contains("<version>" + version + "</version>");
  }

  private static void usesTheLibrary(Path withJar, String run) throws Exception {
    Path picture = folder.resolve("healed.png");
    Said said = started(withJar, LIBRARY, List.of(run, picture.toString()));
    assertThat(said.status()).as(said.text()).isZero();
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(image.getWidth()).as("eight columns, six rows").isGreaterThan(image.getHeight());
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      colours.add(image.getRGB(x, image.getHeight() / 12));
    }
    assertThat(colours).as("what is drawn").hasSizeGreaterThan(8);
    long lines =
        Files.readAllLines(SOURCES.resolve(LIBRARY.replace('.', '/') + ".java")).stream()
            .filter(line -> !line.isBlank())
            .count();
    assertThat(lines).as("the program is short").isLessThanOrEqualTo(45);
  }
}
