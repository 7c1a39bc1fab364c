package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;

/** Files that h5py wrote, each with the same images; {@code make_foreign.py} made them. */
class Hdf5ImportTest {
  @TempDir private Path folder;

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in = Hdf5ImportTest.class.getResourceAsStream("foreign.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.copy(zip, folder.resolve(entry.getName()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "float01,,",
    "float255,,",
    "minus,,-1..1",
    "text,,",
    "hwcn,hwcn,",
    "cwhn,cwhn,",
    "ncwh,matlab,",
    "u16,,0..65535",
    "not_packed,,",
    "linked_elsewhere,,",
    "signed,,"
  })
  void run_ofTheSameImagesKeptOtherwise_givesTheSameDataset(
      String name, String order, String scale) {
    run("plain", Optional.empty(), Optional.empty());
    run(name, Optional.ofNullable(order), Optional.ofNullable(scale));
    try (ImageDataset plain = open("plain");
        ImageDataset other = open(name)) {
      assertThat(other.splits()).containsExactly("train", "valid", "test");
      assertThat(other.pixels()).isEqualTo(Pixels.UINT8);
      for (String split : plain.splits()) {
        assertThat(all(other.split(split))).isEqualTo(all(plain.split(split)));
        assertThat(other.split(split).labels().orElseThrow())
            .isEqualTo(plain.split(split).labels().orElseThrow());
      }
    }
  }

  @Test
  void run_ofAnArray_holdsOutByShares() {
    ImportSummary summary = run("plain", Optional.empty(), Optional.empty());
    assertThat(summary.images().toString()).isEqualTo("{train=21, valid=3, test=6}");
    assertThat(summary.remarks())
        .containsExactly(
            "images: /images, uint8, axes taken as NHWC",
            "values: 0 to 255, taken as levels of 0..255",
            "labels: /labels, numbers, kept as they are",
            "held out by a keyed permutation of the places in the array: valid and test");
  }

  @Test
  void run_ofText_numbersTheClassesByName() {
    assertThat(run("text", Optional.empty(), Optional.empty()).remarks())
        .contains("labels: /label, text: ant = 0, bee = 1, cow = 2");
  }

  @Test
  void run_ofSplits_keepsThem() {
    ImportSummary summary = run("splits", Optional.empty(), Optional.empty());
    assertThat(summary.images().toString()).isEqualTo("{train=30, valid=5}");
    assertThat(summary.remarks())
        .contains(
            "images: /{split}/images, uint8, axes taken as NCHW, reordered",
            "without labels: split valid");
  }

  /** A link's name says what it is, whatever the name of its target. */
  @Test
  void run_ofLinks_goesByTheirNames() {
    ImportSummary summary = run("linked", Optional.empty(), Optional.empty());
    assertThat(summary.images().toString()).isEqualTo("{train=30, test=5}");
    assertThat(summary.remarks())
        .contains(
            "images: /x_{split}, uint8, axes taken as NHWC",
            "labels: /y_{split}, numbers, kept as they are",
            "without labels: split test");
  }

  /** What is called like labels but is about the classes is in the way of nothing. */
  @Test
  void run_besideNamesAndWeightsOfClasses_hasNoLabels() {
    assertThat(run("about", Optional.empty(), Optional.empty()).remarks())
        .contains("labels: none")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("ignored: ")
                    .contains("list_classes ([3]", "class_weights ([3]", "classes ([]"));
  }

  @ParameterizedTest
  @CsvSource({"fewer, images, none", "without_images, x_{split}, y_{split}"})
  void run_whereItIsSaid_goesOn(String name, String images, String labels) {
    Hdf5Import.Options said =
        new Hdf5Import.Options(
            Optional.of(images),
            Optional.of(labels),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0.0),
            Optional.of(0.0));
    ImportSummary summary =
        new Hdf5Import(said).run(folder.resolve(name + ".h5"), out(name), ImportProgress.SILENT);
    assertThat(summary.images().toString()).isEqualTo("{train=30}");
    assertThat(summary.remarks()).anyMatch(line -> line.startsWith("ignored: "));
  }

  /** The split test may be among what is not met any more. */
  @Test
  void run_ofTooManyArrays_isRefused_unlessAllIsSaid() {
    Path file = folder.resolve("many.h5");
    byte[][][] images = new byte[2][4][4];
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("x_train", images);
      for (int i = 0; i <= Hdf5Contents.MOST; i++) {
        hdf.putDataset("z" + i, new byte[1]);
      }
    }
    assertThatThrownBy(() -> run("many", Optional.empty(), Optional.empty()))
        .isInstanceOf(DatasetException.class)
        .hasMessageEndingWith(
            "many.h5 holds more than 5,000 arrays, too many to look for images among them; say"
                + " --images PATH and --labels PATH (or none), without {split}");
    Hdf5Import.Options said =
        new Hdf5Import.Options(
            Optional.of("x_train"),
            Optional.of("none"),
            Optional.empty(),
            Optional.of("0..255"),
            Optional.empty(),
            Optional.empty());
    assertThat(new Hdf5Import(said).run(file, out("many"), ImportProgress.SILENT).images())
        .containsOnlyKeys("train");
  }

  @Test
  void run_ofZerosAndOnes_isBinary() {
    run("bits", Optional.empty(), Optional.empty());
    try (ImageDataset bits = open("bits")) {
      assertThat(bits.pixels()).isEqualTo(Pixels.BINARY);
      assertThat(bits.split("train").channels()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "minus;;;holds values from -1 to 1: what is black and what is white cannot be told; say it,"
            + " such as --scale -1..1",
        "minus;;0..1;holds values from -1 to 1, which --scale 0..1 does not cover",
        "u16;;;such as --scale 0..65535",
        "hwcn;;;which axis is which cannot be told; say it, such as --order hwcn",
        "square;;;which axis is which cannot be told",
        "plain;nchw;;axes NCHW",
        "plain;nhw;;which has not the 3 axes of --order nhw",
        "two;;;say it: --images a ([30, 6, 5, 3] uint8), --images b",
        "several;;;must be one-hot, a 1 and else 0 for each image",
        "nan;;;holds NaN, at",
        "fewer;;;/labels is [29], but there are 30 images at /images: one of the two is not whole,"
            + " or they do not belong together; name others with --labels PATH, or import the"
            + " images without labels: --labels none",
        "fewer_text;;;/label is [29], but there are 30 images at /images",
        "fewer_of_train;;;/y_train is [29], but there are 30 images at /x_train",
        "fewer_of_test;;;/y_test is [4], but there are 5 images",
        "without_images;;;/y_test has labels of the split test, but there are no images of it at"
            + " /x_{split}; if that is meant, say it: --labels 'y_{split}', or --labels none",
        "packed;;;/images has packed values (attribute scale_factor: 2.0); say which of the stored"
            + " numbers are black and white, such as --scale 0..1000",
        "shifted;;;(attribute add_offset: -20.0)",
        "indexed;;0..3;/images holds places in a palette (attribute IMAGE_SUBCLASS), not colours",
        "white_is_zero;;;says that 0 is white (attribute IMAGE_WHITE_IS_ZERO)",
        "compound;;;/labels holds compound records, not labels that can be read"
      })
  void run_whereSomethingCannotBeTold_isRefused(
      String name, String order, String scale, String reason) {
    assertThatThrownBy(() -> run(name, Optional.ofNullable(order), Optional.ofNullable(scale)))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(name + ".h5")
        .hasMessageContaining(reason);
    assertThat(left()).noneMatch(file -> file.contains("out-"));
  }

  @Test
  void advice_isTheCommand() {
    Path file = folder.resolve("float01.h5");
    assertThat(Hdf5Import.advice(file))
        .contains(
            "import it: ./vnca data import hdf5 %s --out NEW.h5 --images x --labels y"
                .formatted(file));
    assertThat(Hdf5Import.advice(folder.resolve("two.h5")).orElseThrow())
        .contains("--images PATH", "--images a (", "--images b (");
    assertThat(Hdf5Import.advice(folder.resolve("fewer.h5")).orElseThrow())
        .contains("--images images --labels PATH (", "/labels is [29], but there are 30 images");
  }

  private ImportSummary run(String name, Optional<String> order, Optional<String> scale) {
    Hdf5Import.Options options =
        new Hdf5Import.Options(
            Optional.empty(), Optional.empty(), order, scale, Optional.empty(), Optional.empty());
    return new Hdf5Import(options)
        .run(folder.resolve(name + ".h5"), out(name), ImportProgress.SILENT);
  }

  private Path out(String name) {
    return folder.resolve("out-" + name + ".h5");
  }

  private ImageDataset open(String name) {
    return ImageDataset.open(out(name).toString());
  }

  private Stream<String> left() {
    String[] names = folder.toFile().list();
    return Stream.of(names == null ? new String[0] : names);
  }

  private static byte[] all(Split split) {
    return split.read(IntStream.range(0, split.size()).toArray());
  }
}
