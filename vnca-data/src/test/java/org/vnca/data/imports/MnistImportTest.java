package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.DatasetInfo;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.Samples;
import org.vnca.data.SharedData;
import org.vnca.data.Split;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.KeyedPermutation;

class MnistImportTest {
  private static final SplitShape SHAPE = SplitShape.of(100, 6, 5, 1);

  @TempDir private Path folder;
  private Path source;
  private Path out;

  @BeforeEach
  void writeSource() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    out = folder.resolve("a.h5");
    Files.write(source.resolve("train-images-idx3-ubyte"), images(100));
    Files.write(source.resolve("train-labels-idx1-ubyte"), labels(100));
    Files.write(source.resolve("t10k-images.idx3-ubyte.gz"), gzip(images(20)));
    Files.write(source.resolve("t10k-labels-idx1-ubyte.gz"), gzip(labels(20)));
  }

  @Test
  void run_importsGreyImages() {
    ImportSummary summary = run(MnistImport.Options.DEFAULT);
    assertThat(summary.images()).containsEntry("train", 100).containsEntry("test", 20).hasSize(2);
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.pixels()).isEqualTo(Pixels.UINT8);
      Split train = dataset.split("train");
      int[] all = Samples.all(100);
      assertThat(train.read(all)).isEqualTo(Samples.images(all, SHAPE, 251));
      assertThat(train.labels().orElseThrow()).startsWith(0, 1, 2).endsWith(9);
    }
  }

  /** A second copy that differs, or another set, is not to be taken in silence. */
  @Test
  void run_besideOtherIdxFiles_tellsWhatIsLeftOut() throws IOException {
    assertThat(run(MnistImport.Options.DEFAULT).notes()).isEmpty();
    Files.write(source.resolve("train-images-idx3-ubyte.gz"), gzip(images(90)));
    Files.write(source.resolve("emnist-letters-train-images-idx3-ubyte"), images(90));
    Files.writeString(source.resolve("notes.txt"), "");
    assertThat(run(MnistImport.Options.DEFAULT).notes())
        .containsExactly(
            new ImportNote(
                ImportNote.Kind.OTHER_PART,
                2,
                List.of("emnist-letters-train-images-idx3-ubyte", "train-images-idx3-ubyte.gz")));
  }

  @Test
  void run_withSkip_leavesTheFirstImagesOut() {
    run(new MnistImport.Options(OptionalLong.empty(), 30, 40, false));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.source()).endsWith("; without the first 40");
      List<String> found = new ArrayList<>();
      for (String split : List.of("train", "valid")) {
        int size = dataset.split(split).size();
        byte[] images = dataset.split(split).read(Samples.all(size));
        IntStream.range(0, size).forEach(i -> found.add(Arrays.toString(image(images, i))));
      }
      assertThat(dataset.split("valid").size()).isEqualTo(30);
      assertThat(found)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(40, 100)
                  .mapToObj(i -> Arrays.toString(Samples.image(i, SHAPE, 251)))
                  .toList());
    }
    assertThatThrownBy(() -> run(new MnistImport.Options(OptionalLong.empty(), 60, 40, false)))
        .hasMessageContaining("hold-out must be less than the 60 training images, but is 60");
    assertThatThrownBy(() -> run(new MnistImport.Options(OptionalLong.empty(), 0, 100, false)))
        .hasMessageContaining("skip must be less than the 100 training images, but is 100");
    assertThatThrownBy(() -> new MnistImport.Options(OptionalLong.empty(), 0, -1, false))
        .isInstanceOf(InvalidOption.class);
  }

  @Test
  void run_withHoldOut_dealsEachTrainingImageToOneSplit() {
    run(new MnistImport.Options(OptionalLong.empty(), 30, 0, false));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.splits()).containsExactly("train", "valid", "test");
      byte[] train = dataset.split("train").read(Samples.all(70));
      byte[] valid = dataset.split("valid").read(Samples.all(30));
      int nextTrain = 0;
      int nextValid = 0;
      for (int i = 0; i < 100; i++) {
        byte[] image = Samples.image(i, SHAPE, 251);
        if (nextValid < 30 && Arrays.equals(image, image(valid, nextValid))) {
          assertThat(dataset.split("valid").labels().orElseThrow()[nextValid++])
              .isEqualTo((byte) (i % 10));
        } else {
          assertThat(image(train, nextTrain)).isEqualTo(image);
          assertThat(dataset.split("train").labels().orElseThrow()[nextTrain++])
              .isEqualTo((byte) (i % 10));
        }
      }
      assertThat(nextValid).isEqualTo(30);
    }
  }

  @Test
  void run_binarized_drawsAnImageAlikeWhereverItIs() {
    run(new MnistImport.Options(OptionalLong.of(3), 0, 0, false));
    byte[] whole;
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.pixels()).isEqualTo(Pixels.BINARY);
      assertThat(dataset.source()).endsWith("; binarized with seed 3");
      whole = dataset.split("train").read(Samples.all(100));
    }
    run(new MnistImport.Options(OptionalLong.of(3), 30, 0, false));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      int[] heldOut = KeyedPermutation.of(0x76616C6964L, 100).subset(30);
      byte[] valid = dataset.split("valid").read(Samples.all(30));
      for (int i = 0; i < 30; i++) {
        assertThat(image(valid, i)).isEqualTo(image(whole, heldOut[i]));
      }
    }
    run(new MnistImport.Options(OptionalLong.of(4), 0, 0, false));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.split("train").read(Samples.all(100))).isNotEqualTo(whole);
    }
  }

  @Test
  void run_holdingOutAll_isRefused() {
    assertThatThrownBy(() -> run(new MnistImport.Options(OptionalLong.empty(), 100, 0, false)))
        .isInstanceOf(DatasetException.class)
        .hasMessage("hold-out must be less than the 100 training images, but is 100");
    assertThatThrownBy(() -> new MnistImport.Options(OptionalLong.empty(), -1, 0, false))
        .hasMessage("--hold-out must be at least 0, but is -1");
  }

  @Test
  void run_onDamagedImages_saysWhereAndLeavesNothing() throws IOException {
    refused(
        "train-images-idx3-ubyte",
        bytes -> with(bytes, 2, 7),
        "must begin with the number 2051, but it begins with 1795");
    refused("train-images-idx3-ubyte", bytes -> Arrays.copyOf(bytes, 10), "its header is cut off");
    refused("train-images-idx3-ubyte", bytes -> with(bytes, 11, 0), "tells 100 of 0 x 5");
    refused(
        "train-images-idx3-ubyte",
        bytes -> Arrays.copyOf(bytes, bytes.length - 31),
        "image 98: it must have 100 images, but is cut off here");
    refused(
        "train-images-idx3-ubyte",
        bytes -> Arrays.copyOf(bytes, bytes.length + 1),
        "must end after 100 images, but goes on");
  }

  @Test
  void run_onDamagedLabels_saysWhereAndLeavesNothing() throws IOException {
    refused(
        "train-labels-idx1-ubyte", bytes -> with(bytes, 2, 7), "must begin with the number 2049");
    refused(
        "train-labels-idx1-ubyte",
        bytes -> with(bytes, 7, 99),
        "a label for each of 100 images, but tells 99");
    refused(
        "train-labels-idx1-ubyte",
        bytes -> Arrays.copyOf(bytes, 20),
        "label 12: it must have 100 labels, but is cut off here");
    refused(
        "train-labels-idx1-ubyte",
        bytes -> Arrays.copyOf(bytes, 109),
        "must end after 100 labels, but goes on");
  }

  @Test
  @Tag("slow")
  void run_onThePublishedFiles_hasTheirCounts() {
    Path data = SharedData.folder().resolve("mnist");
    new MnistImport(new MnistImport.Options(OptionalLong.of(1), 10_000, 0, false))
        .run(data, out, ImportProgress.SILENT);
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      DatasetInfo info = DatasetInfo.of(dataset);
      assertThat(info.splits())
          .extracting(DatasetInfo.SplitInfo::images)
          .containsExactly(50_000, 10_000, 10_000);
      // The grey means divided by 255 are 0.1307 and 0.1325.
      assertThat(info.splits().get(0).meanPixel()).isBetween(0.1297, 0.1317);
      assertThat(info.splits().get(2).meanPixel()).isBetween(0.1320, 0.1330);
      assertThat(info.splits().get(1).classCounts().values())
          .allSatisfy(count -> assertThat(count).isBetween(850, 1200));
      assertThat(info.splits().get(2).classCounts().values())
          .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }
  }

  /** Browsers unpack what they download, and leave the name; others pack what is packed. */
  @Test
  void gzip_isToldByTheFirstBytes_notByTheName() throws IOException {
    run(MnistImport.Options.DEFAULT);
    byte[] straight = Files.readAllBytes(out);
    Path test = source.resolve("t10k-images.idx3-ubyte.gz");
    Files.write(test, images(20));
    byte[] train = images(100);
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(Arrays.copyOf(train, 777)));
    members.write(gzip(Arrays.copyOfRange(train, 777, train.length)));
    Files.write(source.resolve("train-images-idx3-ubyte"), members.toByteArray());
    run(MnistImport.Options.DEFAULT);
    assertThat(Files.readAllBytes(out)).isEqualTo(straight);
    Files.write(test, gzip(gzip(images(20))));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessage(test + " is gzipped twice; unpack it once (gunzip), and import again");
  }

  @Test
  void anotherFileUnderTheName_isSaidToBeOne() throws IOException {
    Path images = source.resolve("train-images-idx3-ubyte");
    Files.write(images, labels(100));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessage(
            images
                + " holds idx unsigned bytes in 1 dimensions, but images must be unsigned bytes in 3;"
                + " give the file of images");
    Files.write(images, with(images(100), 2, 0x0D));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessageContaining("holds idx 32-bit floats in 3 dimensions");
    Files.write(images, "<!DOCTYPE html><html>404".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessage(images + " is a page of the web, not the file; download it again");
  }

  @Test
  void partsOfUnequalSize_areRefused() throws IOException {
    byte[] taller = images(20);
    taller[11] = 5;
    taller[15] = 6;
    Files.write(source.resolve("t10k-images.idx3-ubyte.gz"), taller);
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessageMatching(
            "the images of .*train-images-idx3-ubyte are 6 x 5, but those of .*gz 5 x 6; give files"
                + " of one dataset");
    assertThat(out).doesNotExist();
  }

  /** EMNIST: names with the set's, labels above 9, rows and columns exchanged. */
  @Test
  void emnist_isImportedAsStored_andSaidToBe_orTransposed() throws IOException {
    for (String part : new String[] {"train", "t10k"}) {
      boolean train = part.equals("train");
      String name = "emnist-letters-" + (train ? "train" : "test");
      int count = train ? 100 : 20;
      byte[] letters = labels(count);
      letters[8 + 3] = 26;
      letters[8 + 4] = (byte) 255;
      Files.write(source.resolve(name + "-labels-idx1-ubyte.gz"), gzip(letters));
      Files.write(source.resolve(name + "-images-idx3-ubyte.gz"), gzip(images(count)));
      try (var files = Files.newDirectoryStream(source, part + "*")) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    ImportSummary summary = run(MnistImport.Options.DEFAULT);
    assertThat(summary.name()).isEqualTo("emnist-letters");
    assertThat(summary.notes()).hasSize(1);
    assertThat(summary.notes().get(0).kind()).isEqualTo(ImportNote.Kind.EXCHANGED_AXES);
    assertThat(summary.notes().get(0).count()).isEqualTo(2);
    byte[] stored;
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      stored = dataset.split("test").read(Samples.all(20));
      assertThat(dataset.split("test").labels().orElseThrow())
          .startsWith(0, 1, 2, 26, 255, 5)
          .hasSize(20);
    }
    summary = run(new MnistImport.Options(OptionalLong.empty(), 0, 0, true));
    assertThat(summary.notes()).isEmpty();
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      Split test = dataset.split("test");
      assertThat(test.height()).isEqualTo(SHAPE.image().width());
      byte[] turned = test.read(Samples.all(20));
      for (int i = 0; i < turned.length; i++) {
        int image = i / 30;
        int row = i % 30 / 6;
        int column = i % 6;
        assertThat(turned[i]).isEqualTo(stored[image * 30 + column * 5 + row]);
      }
    }
    Files.write(source.resolve("emnist-digits-train-images-idx3-ubyte"), images(1));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .hasMessage(
            source
                + " holds several sets, emnist-digits, emnist-letters; put the four files of one into"
                + " a folder of their own");
  }

  private ImportSummary run(MnistImport.Options options) {
    return new MnistImport(options).run(source, out, ImportProgress.SILENT);
  }

  private void refused(String name, UnaryOperator<byte[]> damage, String message)
      throws IOException {
    Path file = source.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, damage.apply(whole));
    assertThatThrownBy(() -> run(MnistImport.Options.DEFAULT))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .hasMessageEndingWith("download it again");
    assertThat(folder.toFile().list()).containsExactly("source");
    Files.write(file, whole);
  }

  private static byte[] with(byte[] bytes, int place, int value) {
    byte[] changed = bytes.clone();
    changed[place] = (byte) value;
    return changed;
  }

  private static byte[] image(byte[] images, int index) {
    int length = SHAPE.image().dimensions();
    return Arrays.copyOfRange(images, index * length, (index + 1) * length);
  }

  private static byte[] images(int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(bytes)) {
      for (int number : new int[] {2051, count, SHAPE.image().height(), SHAPE.image().width()}) {
        data.writeInt(number);
      }
      data.write(Samples.images(Samples.all(count), SHAPE, 251));
    }
    return bytes.toByteArray();
  }

  private static byte[] labels(int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(bytes)) {
      data.writeInt(2049);
      data.writeInt(count);
      for (int i = 0; i < count; i++) {
        data.writeByte(i % 10);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }
}
