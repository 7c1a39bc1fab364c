package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.batch.BatchStream;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;

/** Images that are drawn as 0 and 1, mirrored and moved, from the descriptor to the run. */
class RunImagesTest {
  private static final int IMAGES = 12;
  private static final int SIDE = 13;
  private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  private static final String DESCRIPTOR =
      """
      name: tiny
      data: {pad-to: 16, train: [train, more]}
      model:
        latent: 8
        encoder: {filters: 2, kernel: 3}
        decoder: {doublings: 3, steps: 1, update: {type: simple, hidden: 8}}
      train:
        steps: 8
        batch: 6
        threads: 1
        device: cpu
        report: {every: 4}
        validation: {every: 0}
        checkpoint: {every: 4}
        images: {every: 0}
      """;

  @TempDir Path folder;
  private Path descriptor;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    descriptor = folder.resolve("tiny.yaml");
    Files.writeString(descriptor, DESCRIPTOR);
    data("grey.h5", Pixels.UINT8, 256);
  }

  @Test
  void staticDraw_isTheSameForEverySeed_otherInEachSplit_andOfTheGreysProbability() {
    byte[] one = measured(read("data.binarize=static"), "valid");
    assertThat(measured(read("data.binarize=static", "seed=7"), "valid")).isEqualTo(one);
    assertThat(measured(read("data.binarize=static"), "test")).isNotEqualTo(one);
    assertThat(one).containsOnly(0, 1);
    byte[] grey = measured(read(), "valid");
    double expected = 0;
    double ink = 0;
    for (int i = 0; i < grey.length; i++) {
      expected += (grey[i] & 0xFF) / 255.0;
      ink += one[i];
    }
    assertThat(ink / grey.length)
        .isBetween(expected / grey.length - 0.05, expected / grey.length + 0.05);
  }

  /** Whatever training sees, a bound is of the same images. */
  @Test
  void dynamicDraw_isMeasuredAsTheStaticOne_andTrainedOnAnewInEveryEpoch() {
    for (String split : List.of("valid", "test", "train")) {
      assertThat(measured(read("data.binarize=dynamic", "seed=3"), split))
          .isEqualTo(measured(read("data.binarize=static"), split));
    }
    // 24 images, 6 a batch: four steps are an epoch.
    byte[][] fixed = batches(read("data.binarize=static"), 8);
    byte[][] drawn = batches(read("data.binarize=dynamic"), 8);
    assertThat(rows(fixed, 4)).isEqualTo(rows(fixed, 0));
    assertThat(rows(drawn, 4)).isNotEqualTo(rows(drawn, 0));
    assertThat(batches(read("data.binarize=dynamic", "seed=2"), 8)).isNotEqualTo(drawn);
    assertThat(batches(read("data.binarize=dynamic"), 8)).isEqualTo(drawn);
  }

  @Test
  void threshold_is128() {
    byte[] grey = measured(read(), "test");
    byte[] binary = measured(read("data.binarize=threshold"), "test");
    for (int i = 0; i < grey.length; i++) {
      assertThat((int) binary[i]).isEqualTo((grey[i] & 0xFF) >= 128 ? 1 : 0);
    }
    assertThat(grey).contains(127, (byte) 128);
  }

  @Test
  void augment_isOfTrainingImagesOnly_andMovedWithinThePadding() {
    Experiment moved = read("data.binarize=static", "data.augment={flip: true, shift: 2}");
    assertThat(measured(moved, "valid")).isEqualTo(measured(read("data.binarize=static"), "valid"));
    // 13 becomes 16: two rows above, two below.
    byte[][] batches = batches(moved, 4);
    byte[][] plain = batches(read("data.binarize=static"), 4);
    assertThat(batches[0]).hasSize(6 * 16 * 16);
    assertThat(plain[0]).hasSize(6 * SIDE * SIDE);
    Experiment flipped = read("data.binarize=static", "data.augment.flip=true");
    assertThat(batches(flipped, 4)[0]).hasSize(6 * SIDE * SIDE).isNotEqualTo(plain[0]);
    assertThat(batches(flipped, 4)[0]).satisfies(b -> assertThat(ink(b)).isEqualTo(ink(plain[0])));
  }

  /** Three splits, one of which selects, and micro-batches. */
  @Test
  void eightSteps_equalFourAndFour_bitForBit() {
    String[] settings = {
      "data.binarize=dynamic",
      "data.augment={flip: true, shift: 2}",
      "data.train=[train, more, valid]",
      "train.validation.every=8",
      "train.accumulate=2"
    };
    Path straight = start(folder.resolve("straight"), settings);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("data.train holds valid, by which the best checkpoint is chosen")
        .doesNotContain("data.binarize");
    String[] half = Arrays.copyOf(settings, 6);
    half[5] = "train.steps=4";
    Path halves = start(folder.resolve("halves"), half);
    Trainer.resume(halves, List.of("train.steps=8"), watch());
    assertThat(values(halves)).usingRecursiveComparison().isEqualTo(values(straight));
    assertThat(losses(halves)).isEqualTo(losses(straight)).hasSize(2);
  }

  @Test
  void imagesThatAre0And1Already_stayAsTheyAre_andItIsSaid() throws IOException {
    data("binary.h5", Pixels.BINARY, 2);
    String binary = "data.file=" + folder.resolve("binary.h5");
    assertThat(notices(read(binary, "data.binarize=dynamic")))
        .containsExactly(
            "data.binarize: dynamic does nothing: the images of "
                + folder.resolve("binary.h5")
                + " are 0 and 1 already");
    assertThat(batches(read(binary, "data.binarize=dynamic"), 8))
        .isEqualTo(batches(read(binary), 8));
    data("black-and-white.h5", Pixels.UINT8, -1);
    String extremes = "data.file=" + folder.resolve("black-and-white.h5");
    assertThat(notices(read(extremes, "data.binarize=threshold")))
        .containsExactly(
            "data.binarize: threshold only scales: the images of "
                + folder.resolve("black-and-white.h5")
                + " have no greys, only 0 and 255");
    assertThat(measured(read(extremes, "data.binarize=static"), "test"))
        .isEqualTo(measured(read(extremes, "data.binarize=threshold"), "test"));
    assertThat(notices(read("data.binarize=static"))).isEmpty();
  }

  @Test
  void validationOnTrainedImages_isTold_unlessThereIsNone() {
    String both = "data.train=[train, valid]";
    assertThat(notices(read(both, "train.validation.every=8")))
        .singleElement()
        .asString()
        .contains("data.train holds valid", "--checkpoint latest");
    assertThat(notices(read(both))).isEmpty();
  }

  private static List<String> notices(Experiment experiment) {
    try (ImageDataset dataset = ImageDataset.open(experiment.data().file())) {
      return RunImages.notices(experiment, dataset);
    }
  }

  @Test
  void whatDoesNotFit_isRefusedByName() {
    assertThatThrownBy(() -> read("data.binarize=static", "model.likelihood.type=logistic-mixture"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(
            "data.binarize must be none where model.likelihood is of 256 levels, but is static");
    assertThatThrownBy(() -> read("data.binarize=twice"))
        .hasMessageContaining("must be one of none, static, dynamic, threshold");
    assertThatThrownBy(() -> read("data.augment.shift=-1"))
        .hasMessageContaining("data.augment.shift must be at least 0, but is -1");
    assertThatThrownBy(
            () -> Models.requireFits(read("data.binarize=static", "data.augment.shift=13")))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("data.augment.shift must be less than 13, the side of the images, but is 13");
    assertThatThrownBy(() -> Models.requireFits(read()))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("make them 0 and 1: data.binarize");
    assertThatThrownBy(
            () -> ResumeRules.check(read("data.binarize=static"), read("data.binarize=dynamic")))
        .hasMessageStartingWith("data.binarize cannot change when a run goes on (it was static)");
  }

  private byte[] measured(Experiment experiment, String split) {
    try (ImageDataset dataset = ImageDataset.open(experiment.data().file())) {
      return RunImages.split(experiment, dataset, split).read(ALL);
    }
  }

  private static byte[][] batches(Experiment experiment, int count) {
    try (ImageDataset dataset = ImageDataset.open(experiment.data().file());
        BatchStream stream = RunImages.batches(experiment, dataset, 0)) {
      byte[][] batches = new byte[count][];
      for (int i = 0; i < count; i++) {
        batches[i] = stream.next().images();
      }
      return batches;
    }
  }

  /** The images of four batches, in an order of their own. */
  private static List<String> rows(byte[][] batches, int from) {
    List<String> rows = new ArrayList<>();
    for (int i = from; i < from + 4; i++) {
      for (int at = 0; at < batches[i].length; at += SIDE * SIDE) {
        rows.add(Arrays.toString(Arrays.copyOfRange(batches[i], at, at + SIDE * SIDE)));
      }
    }
    return rows.stream().sorted().toList();
  }

  private static int ink(byte[] images) {
    int ink = 0;
    for (byte pixel : images) {
      ink += pixel;
    }
    return ink;
  }

  private Path start(Path run, String... overrides) {
    return Trainer.start(read(overrides), folder, run, Manifest.here(folder), watch()).run();
  }

  private Experiment read(String... overrides) {
    List<String> all = new ArrayList<>(List.of("data.file=" + folder.resolve("grey.h5")));
    all.addAll(List.of(overrides));
    return ExperimentReader.read(descriptor, all);
  }

  private Watch watch() {
    return new Watch(true, new PrintStream(said, true, StandardCharsets.UTF_8), new StopSignal());
  }

  private static List<Object> losses(Path run) {
    return MetricsLog.read(RunDirectory.open(run).metrics()).stream()
        .filter(line -> line.containsKey("lossNats"))
        .map(line -> line.get("lossNats"))
        .toList();
  }

  private static Map<String, float[]> values(Path run) {
    RunDirectory directory = RunDirectory.open(run);
    Experiment experiment = directory.experiment();
    try (ImageDataset data = ImageDataset.open(experiment.data().file());
        VncaSession session =
            Models.training(
                experiment,
                Models.input(experiment, RunImages.trainingSplits(experiment, data).get(0)),
                experiment.train().batch())) {
      session.restore(
          directory.checkpoints().resolve(Checkpoints.LATEST, notice -> {}).file(Models.VARIABLES));
      return session.variables().values();
    }
  }

  /**
   * Writes the splits train, more, valid and test.
   *
   * @param levels 0 to so many less one; -1 for 0 and 255 alone
   */
  private void data(String name, Pixels pixels, int levels) throws IOException {
    List<SplitContent> splits = new ArrayList<>();
    for (String split : List.of("train", "more", "valid", "test")) {
      java.util.SplittableRandom random = new java.util.SplittableRandom(split.hashCode());
      List<byte[]> images = new ArrayList<>();
      for (int i = 0; i < IMAGES; i++) {
        byte[] image = new byte[SIDE * SIDE];
        for (int j = 0; j < image.length; j++) {
          image[j] = (byte) (levels < 0 ? 255 * random.nextInt(2) : random.nextInt(levels));
        }
        images.add(image);
      }
      splits.add(
          new SplitContent(
              split,
              SplitShape.of(IMAGES, SIDE, SIDE, 1),
              () -> ImageSource.of(images),
              Optional.empty()));
    }
    DatasetWriter.write(
        folder.resolve(name),
        new DatasetHeader("made up", "a test", pixels, DatasetHeader.Layout.COMPRESSED),
        splits,
        ImportProgress.SILENT);
  }
}
