package org.vnca.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.fault.Stopped;
import org.vnca.data.fault.DatasetException;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunListing;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.ModelWeights;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Trainer;
import org.vnca.train.trainer.Watch;

class EvaluationTest {
  private static final String DESCRIPTOR =
      """
      name: tiny
      data: {file: "embedded:digits", pad-to: 32}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: {steps: 2, update: {hidden: 8, blocks: 1}}
      train:
        steps: 60
        batch: 8
        optimizer: {learning-rate: 3.0e-3}
        device: cpu
        validation: {every: 30, images: 16}
        images: {every: 0}
      evaluation: {samples: 16, images: 20, batch: 64}
      """;

  private static final String AVERAGE = "train.average.decay=0.9";
  private static final String QUIETLY = "train.images.every=0";

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Path descriptor = folder.resolve("tiny.yaml");
    Files.writeString(descriptor, DESCRIPTOR);
    run =
        Trainer.start(
                ExperimentReader.read(descriptor),
                folder,
                folder.resolve("run"),
                Manifest.here(folder),
                watch())
            .run();
  }

  @Test
  void evaluation_takesWhatIsNotGivenFromTheDescriptor(@TempDir Path alone) throws IOException {
    EvaluationReport report =
        Evaluation.of(
            run, new Evaluation.Options(ModelChoice.of("best"), Unfinished.KEEP), watch());
    assertThat(report.images()).isEqualTo(20);
    assertThat(report.samples()).isEqualTo(16);
    assertThat(report.split()).isEqualTo("test");
    assertThat(report.bound()).isEqualTo("iwae");
    assertThat(report.nats()).isBetween(-700.0, -50.0).isGreaterThan(report.elboNats());
    assertThat(report.elboNats())
        .isCloseTo(report.reconstructionNats() - report.klNats(), within(1e-6));
    assertThat(report.bitsPerDim()).isCloseTo(-report.nats() / (1024 * Math.log(2)), within(1e-9));
    assertThat(report.natsStandardError()).isPositive();
    Path file = run.resolve("evaluation/iwae-test-step" + report.step() + "-n16-images20.json");
    assertThat(Files.readString(file)).contains("\"nats\"", "\"klNats\"");
    assertThat(RunListing.of(withOnly(file, alone)).runs().get(0).evaluation().orElseThrow().nats())
        .isEqualTo(report.nats());
  }

  /** The run's bound is that of the average; that of the weights lies where nobody looks for it. */
  @Test
  void evaluation_ofARunWithAnAverage_saysWhichWeightsItIsOf(@TempDir Path alone)
      throws IOException {
    Path averaged =
        TinyRun.train(alone, "{steps: 1, update: {type: simple, hidden: 8}}", AVERAGE, QUIETLY);
    ModelChoice latest = ModelChoice.of("latest");
    EvaluationReport average = Evaluation.of(averaged, few(latest), watch());
    EvaluationReport trained =
        Evaluation.of(averaged, few(latest.with(ModelWeights.TRAINED)), watch());
    assertThat(average.weights()).isEqualTo("average");
    assertThat(trained.weights()).isEqualTo("trained");
    assertThat(trained.nats()).isNotEqualTo(average.nats());
    String name = "iwae-test-step20-n4-images6";
    assertThat(Files.readString(averaged.resolve("evaluation/" + name + ".json")))
        .contains("\"weights\" : \"average\"");
    assertThat(Files.readString(averaged.resolve("evaluation/" + name + ".csv")))
        .contains("\"weights\":\"average\"");
    assertThat(Files.readString(averaged.resolve("evaluation/trained-weights/" + name + ".json")))
        .contains("\"weights\" : \"trained\"");
    assertThat(RunListing.of(alone).runs().get(0).evaluation().orElseThrow().nats())
        .isEqualTo(average.nats());
    assertThat(Evaluation.of(run, few(ModelChoice.of("best")), watch()).weights())
        .as("without an average")
        .isEqualTo("trained");
    SampleReport sheet =
        SampleSheet.draw(
            averaged,
            new SampleSheet.Options(4, true, latest),
            alone.resolve("average.png"),
            watch());
    SampleSheet.draw(
        averaged,
        new SampleSheet.Options(4, true, latest.with(ModelWeights.TRAINED)),
        alone.resolve("trained.png"),
        watch());
    assertThat(sheet.weights()).isEqualTo("average");
    assertThat(alone.resolve("trained.png")).isRegularFile();
    assertThat(Files.readAllBytes(alone.resolve("average.png")))
        .isNotEqualTo(Files.readAllBytes(alone.resolve("trained.png")));
  }

  private static Evaluation.Options few(ModelChoice model) {
    return new Evaluation.Options(
        model,
        Unfinished.DISCARD,
        Optional.empty(),
        Optional.of(List.of(4)),
        Optional.of(6),
        Optional.empty());
  }

  /** A folder with a copy of the run that has one of its evaluations: other tests make others. */
  private static Path withOnly(Path evaluation, Path folder) throws IOException {
    Path copy = folder.resolve("run");
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted().toList()) {
        if (!file.startsWith(evaluation.getParent())) {
          Files.copy(file, copy.resolve(run.relativize(file)));
        }
      }
    }
    Files.createDirectory(copy.resolve("evaluation"));
    Files.copy(evaluation, copy.resolve("evaluation").resolve(evaluation.getFileName()));
    return folder;
  }

  @Test
  void evaluation_doesNotDependOnTheBatch() {
    EvaluationReport whole = Evaluation.of(run, options(40, 12, 480), watch());
    for (int batch : new int[] {1, 16, 40, 100}) {
      EvaluationReport pieces = Evaluation.of(run, options(40, 12, batch), watch());
      assertThat(pieces.nats()).as("batch " + batch).isCloseTo(whole.nats(), within(1e-3));
      assertThat(pieces.elboNats()).isCloseTo(whole.elboNats(), within(1e-3));
    }
  }

  @Test
  void bound_ofOneSample_isTheSampledElboAndMoreSamplesTightenIt() {
    EvaluationReport one = Evaluation.of(run, options(1, 200, 64), watch());
    EvaluationReport many = Evaluation.of(run, options(64, 200, 640), watch());
    // One sample: log p(x|z) + log p(z) - log q(z|x), whose mean is the ELBO.
    assertThat(one.nats()).isCloseTo(one.elboNats(), within(1.0));
    assertThat(many.nats()).isGreaterThan(one.nats());
    assertThat(many.klNats()).isCloseTo(one.klNats(), within(1e-3));
  }

  @Test
  void severalNumbersOfSamples_areBoundsOfTheFirstOfTheMany() {
    EvaluationReport all =
        Evaluation.of(
            run,
            new Evaluation.Options(
                ModelChoice.of("best"),
                Unfinished.KEEP,
                Optional.empty(),
                Optional.of(List.of(40, 1, 16)),
                Optional.of(12),
                Optional.of(32)),
            watch());
    assertThat(all.samples()).isEqualTo(40);
    assertThat(all.bounds()).extracting(EvaluationReport.Bound::samples).containsExactly(1, 16, 40);
    for (EvaluationReport.Bound bound : all.bounds()) {
      EvaluationReport alone = Evaluation.of(run, options(bound.samples(), 12, 640), watch());
      assertThat(bound.nats()).isCloseTo(alone.nats(), within(1e-3));
      assertThat(bound.natsStandardError()).isCloseTo(alone.natsStandardError(), within(1e-3));
      assertThat(bound.bitsPerDim()).isCloseTo(alone.bitsPerDim(), within(1e-6));
    }
    assertThat(all.nats()).isEqualTo(all.bounds().get(2).nats());
  }

  /** That of further steps is another model's, and not the run's bound. */
  @Test
  void furtherSteps_areMeasured_andNotTakenForTheRunsBound(@TempDir Path alone) throws IOException {
    Evaluation.Options usual = options(2, 30);
    EvaluationReport plain = Evaluation.of(run, usual, watch());
    Path file = run.resolve("evaluation/iwae-test-step" + plain.step() + "-n2-images30.json");
    Path copy = withOnly(file, alone).resolve("run");
    EvaluationReport later = Evaluation.of(copy, further(usual, 40), watch());
    assertThat(later.furtherSteps()).isEqualTo(40);
    assertThat(later.klNats()).isEqualTo(plain.klNats());
    assertThat(later.nats()).isNotCloseTo(plain.nats(), within(1e-3));
    assertThat(copy.resolve("evaluation/further-40").resolve(later.perImage())).exists();
    assertThat(RunListing.of(alone).runs().get(0).evaluation().orElseThrow().nats())
        .isEqualTo(plain.nats());
  }

  private static Evaluation.Options further(Evaluation.Options other, int steps) {
    return new Evaluation.Options(
        other.model(),
        other.unfinished(),
        other.split(),
        other.samples(),
        other.images(),
        other.batch(),
        steps);
  }

  @Test
  void tableOfImages_hasWhatTheReportAverages() throws IOException {
    EvaluationReport report =
        Evaluation.of(
            run,
            new Evaluation.Options(
                ModelChoice.of("best"),
                Unfinished.KEEP,
                Optional.empty(),
                Optional.of(List.of(2, 5)),
                Optional.of(9),
                Optional.empty()),
            watch());
    List<String> lines = Files.readAllLines(run.resolve("evaluation").resolve(report.perImage()));
    assertThat(lines.get(0)).startsWith("# {\"run\":\"run\",\"step\":60,").contains("[2,5]");
    assertThat(lines.get(1))
        .isEqualTo("image,reconstructionNats,klNats,elboNats,iwae2Nats,iwae5Nats");
    List<double[]> rows =
        lines.subList(2, 11).stream()
            .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toList();
    double[] figures = {
      report.reconstructionNats(),
      report.klNats(),
      report.elboNats(),
      report.bounds().get(0).nats(),
      report.bounds().get(1).nats()
    };
    double[] errors = {
      report.reconstructionNatsStandardError(),
      report.klNatsStandardError(),
      report.elboNatsStandardError(),
      report.bounds().get(0).natsStandardError(),
      report.bounds().get(1).natsStandardError()
    };
    for (int column = 0; column < figures.length; column++) {
      int at = column + 1;
      double mean = rows.stream().mapToDouble(row -> row[at]).average().orElseThrow();
      double squares = rows.stream().mapToDouble(row -> Math.pow(row[at] - mean, 2)).sum();
      assertThat(figures[column]).isCloseTo(mean, within(1e-9));
      assertThat(errors[column]).isCloseTo(Math.sqrt(squares / 8 / 9), within(1e-9));
    }
    assertThat(report.latentUnits()).isEqualTo(8);
    assertThat(report.activeUnits()).isBetween(1, 8);
  }

  @Test
  void evaluation_thatIsStopped_goesOnToTheSameResult() throws IOException {
    Path file = run.resolve("evaluation/iwae-test-step60-n3-7-images7.csv");
    List<Integer> samples = List.of(3, 7);
    Evaluation.Options anew =
        new Evaluation.Options(
            ModelChoice.of("best"),
            Unfinished.KEEP,
            Optional.empty(),
            Optional.of(samples),
            Optional.of(7),
            Optional.of(14));
    Evaluation.Options resumed =
        new Evaluation.Options(
            ModelChoice.of("best"),
            Unfinished.RESUME,
            Optional.empty(),
            Optional.of(samples),
            Optional.of(7),
            Optional.of(14));
    EvaluationReport whole = Evaluation.of(run, anew, watch());
    byte[] table = Files.readAllBytes(file);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    assertThat(partial).doesNotExist();

    StopSignal stop = new StopSignal();
    stop.request("Ctrl-C");
    Watch stopped = new Watch(true, new PrintStream(new ByteArrayOutputStream()), stop);
    assertThatThrownBy(() -> Evaluation.of(run, anew, stopped))
        .isInstanceOf(Stopped.class)
        .hasMessage("the evaluation was stopped after 0 of 7 images; go on with it by --resume");
    assertThat(partial).exists();

    // Killed at any place: in the header, at the end of a line, in a line, before the rename.
    int header = new String(table, StandardCharsets.UTF_8).indexOf("image,");
    byte[] grown =
        grown(new String(table, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    for (int length : new int[] {9, header + 9, header + 150, grown.length - 1, grown.length}) {
      Files.write(partial, Arrays.copyOf(grown, length));
      Files.delete(file);
      EvaluationReport after = Evaluation.of(run, resumed, watch());
      assertThat(Files.readAllBytes(file)).as("cut at " + length).isEqualTo(table);
      assertThat(after).usingRecursiveComparison().ignoringFields("seconds").isEqualTo(whole);
    }
    assertThat(partial).doesNotExist();

    // A figure that was changed is measured again, and so is what was put in another place.
    List<String> lines = new String(grown, StandardCharsets.UTF_8).lines().toList();
    int digit = lines.get(4).indexOf('.') + 1;
    String changed =
        lines.get(4).substring(0, digit)
            + (lines.get(4).charAt(digit) == '7' ? '8' : '7')
            + lines.get(4).substring(digit + 1);
    for (String fourth : List.of(changed, lines.get(5))) {
      List<String> damaged = new ArrayList<>(lines);
      damaged.set(4, fourth);
      Files.writeString(partial, String.join("\n", damaged) + "\n");
      Files.delete(file);
      Evaluation.of(run, resumed, watch());
      assertThat(Files.readAllBytes(file)).isEqualTo(table);
    }
  }

  /** A table as it grows: with a checksum in each line. */
  private static String grown(String table) {
    List<String> lines = table.lines().toList();
    StringBuilder grown = new StringBuilder(lines.get(0) + "\n" + lines.get(1) + ",crc32\n");
    long check = TableLine.check(0, lines.get(0));
    for (String figures : lines.subList(2, lines.size())) {
      check = TableLine.check(check, figures);
      grown.append(TableLine.withCheck(figures, check)).append('\n');
    }
    return grown.toString();
  }

  @Test
  void evaluation_ofSomethingElse_isNotGoneOnWith() throws IOException {
    Evaluation.of(run, options(6, 4), watch());
    Path file = run.resolve("evaluation/iwae-test-step60-n6-images4.csv");
    String table = Files.readString(file);
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, table.replace("\"seed\":1", "\"seed\":2"));
    Evaluation.Options resumed =
        new Evaluation.Options(
            ModelChoice.of("best"),
            Unfinished.RESUME,
            Optional.empty(),
            Optional.of(List.of(6)),
            Optional.of(4),
            Optional.empty());
    assertThatThrownBy(() -> Evaluation.of(run, resumed, watch()))
        .isInstanceOf(RunException.class)
        .hasMessage(
            partial
                + " cannot be resumed: seed is 2 there and 1 here; evaluate as it was begun, or"
                + " add --restart to throw it away");
    Files.delete(partial);
  }

  @Test
  void unfinishedEvaluation_isNotLostUnlessThatIsWanted() throws IOException {
    Evaluation.of(run, options(5, 6), watch());
    Path file = run.resolve("evaluation/iwae-test-step60-n5-images6.csv");
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    String table = Files.readString(file);
    List<String> lines = grown(table).lines().toList();
    String two = String.join("\n", lines.subList(0, 4)) + "\n";

    Files.writeString(partial, two);
    assertThatThrownBy(() -> Evaluation.of(run, options(5, 6), watch()))
        .isInstanceOf(RunException.class)
        .hasMessage(
            partial
                + " has 2 of 6 images of an evaluation that has not ended; add --resume to go on"
                + " with it, or --restart to throw it away");
    assertThat(partial).hasContent(two);

    String otherModel = two.replace("\"model.decoder.steps\":2", "\"model.decoder.steps\":3");
    for (String other : List.of(otherModel, "#" + two)) {
      Files.writeString(partial, other);
      for (Unfinished what : List.of(Unfinished.KEEP, Unfinished.RESUME)) {
        assertThatThrownBy(() -> Evaluation.of(run, again(what), watch()))
            .isInstanceOf(RunException.class)
            .hasMessageContaining(
                other.equals(otherModel)
                    ? "model.decoder.steps is 3 there and 2 here"
                    : "its first line is damaged")
            .hasMessageContaining("--restart");
        assertThat(partial).hasContent(other);
      }
    }

    Evaluation.of(run, again(Unfinished.DISCARD), watch());
    assertThat(partial).doesNotExist();
    assertThat(file).hasContent(table);

    // Nothing was measured: there is nothing to lose.
    Files.writeString(partial, lines.get(0) + "\n" + lines.get(1) + "\n");
    Evaluation.of(run, again(Unfinished.KEEP), watch());
    assertThat(file).hasContent(table);
  }

  private static Evaluation.Options again(Unfinished unfinished) {
    return new Evaluation.Options(
        ModelChoice.of("best"),
        unfinished,
        Optional.empty(),
        Optional.of(List.of(5)),
        Optional.of(6),
        Optional.empty());
  }

  @Test
  void evaluation_ofAWrongSplitOrCheckpoint_namesThoseThereAre() {
    assertThatThrownBy(
            () ->
                Evaluation.of(
                    run,
                    new Evaluation.Options(
                        ModelChoice.of("latest"),
                        Unfinished.KEEP,
                        Optional.of("holdout"),
                        Optional.of(List.of(1)),
                        Optional.of(1),
                        Optional.empty()),
                    watch()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("holdout")
        .hasMessageContaining("valid");
    assertThatThrownBy(
            () ->
                Evaluation.of(
                    run,
                    new Evaluation.Options(
                        ModelChoice.of("17"),
                        Unfinished.KEEP,
                        Optional.empty(),
                        Optional.of(List.of(1)),
                        Optional.of(1),
                        Optional.empty()),
                    watch()))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("17");
  }

  @Test
  void sampleSheet_showsTheSameDreamsWhateverTheCount() throws IOException {
    Path few = folder.resolve("few.png");
    Path many = folder.resolve("many.png");
    SampleReport report =
        SampleSheet.draw(
            run, new SampleSheet.Options(4, true, ModelChoice.of("latest")), few, watch());
    assertThat(report.step()).isEqualTo(60);
    SampleSheet.draw(
        run, new SampleSheet.Options(100, true, ModelChoice.of("latest")), many, watch());
    BufferedImage small = ImageIO.read(few.toFile());
    BufferedImage large = ImageIO.read(many.toFile());
    assertThat(large.getWidth()).isGreaterThan(4 * small.getWidth());
    // The first two dreams stand first in the first row of both sheets.
    for (int x = 0; x < small.getWidth() - 12; x++) {
      assertThat(large.getRGB(x, 50)).as("column " + x).isEqualTo(small.getRGB(x, 50));
    }
  }

  private static Evaluation.Options options(int samples, int images, int batch) {
    return options(samples, images, Optional.of(batch));
  }

  private static Evaluation.Options options(int samples, int images) {
    return options(samples, images, Optional.empty());
  }

  private static Evaluation.Options options(int samples, int images, Optional<Integer> batch) {
    return new Evaluation.Options(
        ModelChoice.of("best"),
        Unfinished.KEEP,
        Optional.empty(),
        Optional.of(List.of(samples)),
        Optional.of(images),
        batch);
  }

  private static Watch watch() {
    return new Watch(
        true,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new StopSignal());
  }
}
