package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnca.base.hash.Sha256;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.KeyedPermutation;

class ImageDatasetTest {
  private static final SplitShape SHAPE = SplitShape.of(200, 6, 5, 3);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void read_fromManyThreads_isTheImages(DatasetHeader.Layout layout) {
    Path file = Samples.write(folder.resolve("a.h5"), layout, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      Split train = dataset.split("train");
      boolean allRight =
          IntStream.range(0, 500)
              .parallel()
              .allMatch(
                  key -> {
                    KeyedPermutation order = KeyedPermutation.of(key, 200);
                    int[] some = IntStream.range(0, 30).map(order::at).toArray();
                    return Arrays.equals(train.read(some), Samples.images(some, SHAPE, 251));
                  });
      assertThat(allRight).isTrue();
    }
  }

  @Test
  void read_withArgumentsThatBreakARule_isRefused() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      Split train = dataset.split("train");
      assertThatThrownBy(() -> train.read(new int[] {200}))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> train.read(new int[] {0}, new byte[7]))
          .hasMessage("the target must have 1 x 90 bytes, but has 7");
    }
  }

  @Test
  void labels_areACopy() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      dataset.split("train").labels().orElseThrow()[0] = 9;
      assertThat(dataset.split("train").labels().orElseThrow()[0]).isZero();
    }
  }

  @Test
  void open_ofAMissingFile_saysHowToMakeIt() {
    assertThatThrownBy(() -> ImageDataset.open("data/x.h5"))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "dataset data/x.h5 does not exist; make it (./vnca help data import), or use"
                + " embedded:digits");
  }

  @Test
  void open_ofAFolder_isRefused() {
    assertThatThrownBy(() -> ImageDataset.open(folder.toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("must be an HDF5 file, but is not a file");
  }

  @Test
  void open_ofAnotherKindOfFile_isRefused() throws IOException {
    Path file = folder.resolve("a.h5");
    Files.writeString(file, "text ".repeat(1000));
    assertThatThrownBy(() -> ImageDataset.open(file.toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("must be an HDF5 file, but has no HDF5 signature");
    refusedAs(
        "version https://git-lfs.github.com/spec/v1\noid",
        "is a pointer of Git LFS in its place; get the file itself: git lfs pull");
    refusedAs("\u001F\u008B\b\0", "is compressed by gzip; unpack it: gunzip");
    refusedAs("PK\u0003\u0004\n", "is a zip; unpack it");
    refusedAs("version", "has no HDF5 signature");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> ImageDataset.open(file.toString()))
        .hasMessageContaining("has no HDF5 signature");
  }

  private void refusedAs(String start, String words) throws IOException {
    Path file = folder.resolve("b.h5");
    Files.writeString(file, start, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> ImageDataset.open(file.toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("must be an HDF5 file, but " + words);
  }

  @ParameterizedTest
  @EnumSource
  void open_ofAFileCutOffAnywhere_isRefused(DatasetHeader.Layout layout) throws IOException {
    byte[] bytes = Files.readAllBytes(Samples.write(folder.resolve("a.h5"), layout, SHAPE));
    Path cut = folder.resolve("cut.h5");
    for (int length : new int[] {4, 9, 40, 60, 100, 500, bytes.length / 2, bytes.length - 1}) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ImageDataset.open(cut.toString()))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining("cut.h5");
    }
  }

  @Test
  void split_thatIsNotThere_namesThoseThatAre() {
    Path file =
        Samples.write(
            folder.resolve("a.h5"),
            DatasetHeader.Layout.CONTIGUOUS,
            Samples.split("test", SHAPE, 251),
            Samples.split("extra", SHAPE, 251),
            Samples.split("train", SHAPE, 251));
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      assertThatThrownBy(() -> dataset.split("dev"))
          .isInstanceOf(DatasetException.class)
          .hasMessage("dataset %s has no split 'dev'; it has train, test, extra", file);
    }
  }

  @Test
  void open_ofTheEmbeddedDigits_isTenThousandDigits() {
    try (ImageDataset dataset = ImageDataset.open("embedded:digits")) {
      assertThat(dataset.location()).isEqualTo("embedded:digits");
      assertThat(dataset.name()).isEqualTo("digits");
      assertThat(dataset.pixels()).isEqualTo(Pixels.BINARY);
      assertThat(dataset.splits()).containsExactly("train", "valid", "test");
      assertThat(dataset.split("train").size()).isEqualTo(8000);
    }
  }

  @Test
  void open_ofAnEmbeddedDatasetThatIsNotThere_isRefused() {
    assertThatThrownBy(() -> ImageDataset.open("embedded:faces"))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "there is no dataset embedded:faces in this program; use embedded:digits or a file");
  }

  @Test
  void checksum_isTheFilesSha256() throws IOException {
    Path file = folder.resolve("abc");
    Files.writeString(file, "abc", StandardCharsets.US_ASCII);
    assertThat(Sha256.of(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
