package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetInfo;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.Samples;
import org.vnca.data.SharedData;
import org.vnca.data.Split;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;

class BinarizedMnistImportTest {
  private static final SplitShape SHAPE = SplitShape.of(70, 28, 28, 1);
  private static final Map<String, Integer> COUNTS = Map.of("train", 70, "valid", 3, "test", 2);

  @TempDir private Path folder;
  private Path source;
  private Path out;

  @BeforeEach
  void writeSource() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    out = folder.resolve("out/a.h5");
    Files.writeString(source.resolve("binarized_mnist_train.amat"), text(70));
    Files.write(source.resolve("binarized_mnist_valid.amat.gz"), gzip(text(3)));
    Files.writeString(source.resolve("binarized_mnist_test.amat"), text(2).stripTrailing());
  }

  @Test
  void run_importsPlainAndGzippedFiles() throws IOException {
    ImportSummary summary = run(Optional.empty());
    assertThat(summary.images()).isEqualTo(COUNTS);
    assertThat(summary.images().keySet()).containsExactly("train", "valid", "test");
    assertThat(summary.bytes()).isEqualTo(Files.size(out));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.name()).isEqualTo("binarized-mnist");
      assertThat(dataset.pixels()).isEqualTo(Pixels.BINARY);
      assertThat(dataset.checksum()).isEqualTo(summary.checksum());
      for (String name : dataset.splits()) {
        Split split = dataset.split(name);
        int[] all = Samples.all(split.size());
        assertThat(split.read(all)).isEqualTo(Samples.images(all, SHAPE, 2));
        assertThat(split.labels()).isEmpty();
      }
    }
  }

  @Test
  void run_withLabels_takesThemOver() {
    Path labels =
        Samples.write(
            folder.resolve("labels.h5"),
            DatasetHeader.Layout.CONTIGUOUS,
            Samples.split("train", SplitShape.of(70, 1, 1, 1), 2),
            Samples.split("valid", SplitShape.of(3, 1, 1, 1), 2),
            Samples.split("test", SplitShape.of(2, 1, 1, 1), 2));
    run(Optional.of(labels));
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      assertThat(dataset.split("valid").labels()).contains(new byte[] {0, 1, 2});
    }
  }

  @Test
  void run_withLabelsOfAnotherNumberOrNone_isRefused() {
    Path labels =
        Samples.write(
            folder.resolve("labels.h5"),
            DatasetHeader.Layout.CONTIGUOUS,
            Samples.split("train", SplitShape.of(70, 1, 1, 1), 2),
            Samples.split("valid", SplitShape.of(4, 1, 1, 1), 2));
    assertThatThrownBy(() -> run(Optional.of(labels)))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "dataset %s, /valid/labels must hold a whole number for each of the 3 images, but is"
                + " [4] of uint8",
            labels);
    Path few =
        Samples.write(
            folder.resolve("few.h5"),
            DatasetHeader.Layout.CONTIGUOUS,
            Samples.split("train", SplitShape.of(70, 1, 1, 1), 2));
    assertThatThrownBy(() -> run(Optional.of(few)))
        .hasMessage(
            "labels %s must hold /valid/labels, but do not; import without --labels, or name"
                + " another file",
            few);
    assertThat(out).doesNotExist();
  }

  @Test
  void run_withAFileMissing_saysWhichWasLookedFor() throws IOException {
    Files.delete(source.resolve("binarized_mnist_train.amat"));
    refused()
        .hasMessage(
            "%s must hold binarized_mnist_train.amat, plain or as .gz, but does not; download it"
                + " into that folder",
            source);
  }

  @Test
  void run_onAFolderThatIsMissing_isRefused() {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(
            () ->
                new BinarizedMnistImport(BinarizedMnistImport.Options.DEFAULT, COUNTS)
                    .run(nowhere, out, ImportProgress.SILENT))
        .hasMessage("%s must be the folder with the files to import, but is missing", nowhere);
  }

  @Test
  void run_onADamagedText_saysWhereAndLeavesNothing() throws IOException {
    damage(text -> text.substring(0, 1568) + "2" + text.substring(1569));
    refused()
        .hasMessageContaining("line 2: pixel 1 must be 0 or 1, but is '2'")
        .hasMessageEndingWith("download it again");
    damage(text -> text.replaceFirst("0 1", "0,1"));
    refused().hasMessageContaining("must come a space, but comes ','");
    damage(text -> text.replaceFirst("\n", " 1\n"));
    refused()
        .hasMessageContaining(
            "line 1: after pixel 784 must come the end of the line, but comes byte 32");
    damage(text -> text.substring(0, text.length() - 1568 * 3));
    refused().hasMessageContaining("line 68: it must have 70 images, but ends after 67");
    damage(text -> text.substring(0, text.length() - 100));
    refused().hasMessageContaining("line 70: pixel 735 must be 0 or 1, but is the end of the file");
    damage(text -> text + text.substring(0, 1568));
    refused().hasMessageContaining("must end after 70 images, but goes on");
    damage(text -> text + "\n");
    refused().hasMessageContaining("must end after 70 images, but goes on");
  }

  @Test
  void run_onADamagedGzip_saysWhereAndLeavesNothing() throws IOException {
    byte[] whole = gzip(text(3));
    Path file = source.resolve("binarized_mnist_valid.amat.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    refused().hasMessageContaining("binarized_mnist_valid.amat.gz cannot be read: Unexpected end");
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    refused().hasMessageContaining("must end after 3 images, but goes on");
    Files.write(file, Arrays.copyOf(whole, whole.length + 1000));
    refused().hasMessageContaining("must end after 3 images, but goes on");
    byte[] flipped = whole.clone();
    flipped[whole.length - 6] ^= 1;
    Files.write(file, flipped);
    refused().hasMessageContaining("Corrupt GZIP trailer");
  }

  @Test
  void run_onTheNumbersPublished_isTheDefault() {
    assertThatThrownBy(
            () ->
                new BinarizedMnistImport(BinarizedMnistImport.Options.DEFAULT)
                    .run(source, out, ImportProgress.SILENT))
        .hasMessageContaining("it must have ");
  }

  @Test
  @Tag("slow")
  void run_onThePublishedFiles_hasTheirCountsAndMeans() {
    Path data = SharedData.folder();
    Path labels = data.resolve("binarized_mnist_labels.h5");
    new BinarizedMnistImport(new BinarizedMnistImport.Options(Optional.of(labels)))
        .run(data, out, ImportProgress.SILENT);
    try (ImageDataset dataset = ImageDataset.open(out.toString())) {
      DatasetInfo info = DatasetInfo.of(dataset);
      assertThat(info.splits())
          .extracting(
              split -> "%s %d %.6f".formatted(split.name(), split.images(), split.meanPixel()))
          .containsExactly("train 50000 0.130562", "valid 10000 0.131127", "test 10000 0.132512");
      assertThat(info.splits().get(0).classCounts().values())
          .containsExactly(4946, 5642, 4924, 5091, 4865, 4515, 4929, 5219, 4888, 4981);
      assertThat(info.splits().get(1).classCounts().values())
          .containsExactly(977, 1100, 1034, 1040, 977, 906, 989, 1046, 963, 968);
      assertThat(info.splits().get(2).classCounts().values())
          .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }
  }

  private ImportSummary run(Optional<Path> labels) {
    return new BinarizedMnistImport(new BinarizedMnistImport.Options(labels), COUNTS)
        .run(source, out, ImportProgress.SILENT);
  }

  private AbstractThrowableAssert<?, ?> refused() throws IOException {
    AbstractThrowableAssert<?, ?> refusal =
        assertThatThrownBy(() -> run(Optional.empty())).isInstanceOf(DatasetException.class);
    if (Files.exists(out.getParent())) {
      try (Stream<Path> left = Files.list(out.getParent())) {
        assertThat(left).isEmpty();
      }
    }
    return refusal;
  }

  private void damage(UnaryOperator<String> change) throws IOException {
    Files.writeString(source.resolve("binarized_mnist_train.amat"), change.apply(text(70)));
  }

  private static String text(int images) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < images; i++) {
      byte[] image = Samples.image(i, SHAPE, 2);
      for (int pixel = 0; pixel < image.length; pixel++) {
        text.append(image[pixel]).append(pixel == image.length - 1 ? '\n' : ' ');
      }
    }
    return text.toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }
}
