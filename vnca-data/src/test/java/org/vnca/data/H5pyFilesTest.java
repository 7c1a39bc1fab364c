package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.data.fault.DatasetException;

/** Files that h5py wrote; {@code make_fixtures.py} beside them made them. */
class H5pyFilesTest {
  private static final SplitShape SHAPE = SplitShape.of(70, 6, 5, 3);
  private static final int[] SOME = {69, 0, 64, 63, 1, 69, 33};

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "gzip_latest",
        "tiles",
        "shuffle_gzip_fletcher",
        "lzf",
        "lzf_fletcher",
        "fletcher",
        "extendible",
        "extendible_latest",
        "user_block"
      })
  void read_ofEachStorage_isTheImages(String name) {
    try (ImageDataset dataset = open(name)) {
      Split train = dataset.split("train");
      assertThat(train.read(SOME)).isEqualTo(Samples.images(SOME, SHAPE, 251));
      int[] all = Samples.all(70);
      assertThat(train.read(all)).isEqualTo(Samples.images(all, SHAPE, 251));
      assertThat(train.labels().orElseThrow()).hasSize(70).startsWith(0, 1, 2).endsWith(8, 9);
      assertThat(dataset.pixels()).isEqualTo(Pixels.UINT8);
      assertThat(dataset.name()).isEqualTo(name);
    }
  }

  @Test
  void open_ofPlainImagesAtTheRoot_isOneSplit() {
    try (ImageDataset dataset = open("root")) {
      assertThat(dataset.splits()).containsExactly("all");
      Split all = dataset.split("all");
      assertThat(all.channels()).isEqualTo(1);
      assertThat(all.labels().orElseThrow()).hasSize(70).endsWith(9);
      assertThat(all.read(SOME)).isEqualTo(Samples.images(SOME, SplitShape.of(70, 6, 5, 1), 251));
    }
  }

  @Test
  void open_withPathsOfItsOwn_findsTheSplitsInTheUsualOrder() {
    DatasetPaths paths = new DatasetPaths("/x_{split}", "/y_{split}");
    try (ImageDataset dataset = ImageDataset.open(fixture("prefixed").toString(), paths)) {
      assertThat(dataset.splits()).containsExactly("train", "test");
      assertThat(dataset.split("test").size()).isEqualTo(20);
      assertThat(dataset.split("test").labels().orElseThrow()).hasSize(20);
      assertThat(dataset.split("train").read(SOME)).isEqualTo(Samples.images(SOME, SHAPE, 251));
    }
  }

  @Test
  void open_withPathsThatAreNotThere_isRefused() {
    String file = fixture("prefixed").toString();
    assertThatThrownBy(() -> ImageDataset.open(file))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "dataset %s has no images at /{split}/images; make a dataset of what it has:"
                + " ./vnca data import hdf5 %s --out NEW.h5",
            file, file);
  }

  @Test
  void open_ofBooleans_isBinary() {
    try (ImageDataset dataset = open("boolean")) {
      assertThat(dataset.pixels()).isEqualTo(Pixels.BINARY);
      assertThat(dataset.split("train").labels()).isEmpty();
      assertThat(dataset.split("train").read(SOME)).isEqualTo(Samples.images(SOME, SHAPE, 2));
    }
  }

  @Test
  void read_ofChunksThatCompressionWouldLengthen_isTheImages() {
    try (ImageDataset dataset = open("noise")) {
      int[] all = Samples.all(8);
      byte[] plain = dataset.split("plain").read(all);
      assertThat(dataset.split("gzip").read(all)).isEqualTo(plain);
      assertThat(dataset.split("lzf").read(all)).isEqualTo(plain);
    }
  }

  /** What the HDF5 library skipped is said by a chunk's mask: Blosc, which the writer had not. */
  @Test
  void read_ofChunksWhoseFilterWasSkipped_isTheImages() {
    try (ImageDataset dataset = open("filter_skipped")) {
      assertThat(dataset.split("train").read(new int[] {1, 0}))
          .isEqualTo(Samples.images(new int[] {1, 0}, SHAPE, 251));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unwritten", "chunkless", "unwritten_latest", "hole", "hole_latest"})
  void read_ofWhatWasNeverWritten_isTheFillValue(String name) {
    try (ImageDataset dataset = open(name)) {
      byte[] expected = Samples.images(SOME, SHAPE, 251);
      for (int i = 0; i < SOME.length; i++) {
        if (!name.startsWith("hole") || SOME[i] / 16 == 2) {
          Arrays.fill(expected, i * 90, (i + 1) * 90, (byte) 9);
        }
      }
      assertThat(dataset.split("train").read(SOME)).isEqualTo(expected);
      byte[] labels = dataset.split("train").labels().orElseThrow();
      assertThat(labels[40]).isEqualTo((byte) 7);
      assertThat(labels[0]).isEqualTo((byte) (name.startsWith("hole") ? 0 : 7));
    }
  }

  /** A gzipped chunk that happens to be exactly as long as what was compressed. */
  @Test
  void read_ofAChunkThatGzipLeftAsLong_isTheImages() {
    try (ImageDataset dataset = open("gzip_equal")) {
      byte[] plain = dataset.split("plain").read(Samples.all(4));
      assertThat(dataset.split("gzip").read(Samples.all(4))).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wider_latest",
        "several_unlimited_latest",
        "middle_unlimited_latest",
        "implicit_latest",
        "plain_edges_latest",
        "neighbours",
        "links",
        "precision",
        "orders"
      })
  void read_ofFilesThatAreUnusual_isTheImages(String name) {
    try (ImageDataset dataset = open(name)) {
      Split train = dataset.split("train");
      assertThat(train.read(SOME))
          .isEqualTo(Samples.images(SOME, SHAPE, name.equals("precision") ? 16 : 251));
      assertThat(train.labels().orElseThrow()).hasSize(70).startsWith(0, 1, 2).endsWith(8, 9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"many_chunks_latest", "pages_latest"})
  void read_ofIndexesWithPages_isTheImages(String name) {
    try (ImageDataset dataset = open(name)) {
      Split train = dataset.split("train");
      byte[] read = train.read(Samples.all(train.size()));
      for (int i = 0; i < read.length; i++) {
        boolean hole = i >= 3000 && i < 5000;
        assertThat(read[i]).as("image %d", i).isEqualTo((byte) (hole ? 3 : i % 253));
      }
    }
  }

  @Test
  void open_readsTheRootAttributes() {
    try (ImageDataset dataset = open("attributes")) {
      assertThat(dataset.name()).isEqualTo("brought");
      assertThat(dataset.source()).isEqualTo("somewhere");
      // Its pixels are all 0 or 1: what the file says counts.
      assertThat(dataset.pixels()).isEqualTo(Pixels.UINT8);
    }
  }

  @Test
  void read_ofADamagedChunk_failsOnItsChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(fixture("fletcher"));
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.h5"), bytes);
    // Opening already reads a sample, since the file does not say what its pixels mean.
    assertThatThrownBy(() -> ImageDataset.open(damaged.toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("a chunk does not match its checksum; copy or write the file again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip_latest", "lzf", "user_block", "extendible"})
  void open_ofATruncatedFile_isRefused(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(fixture(name));
    Path cut = folder.resolve("cut.h5");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> ImageDataset.open(cut.toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "dataset %s must have %d bytes, but has %d: it was cut off; copy or import it again",
            cut, bytes.length, bytes.length - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          float | /train/images must hold uint8 or booleans, but holds float32; make a dataset of it: ./vnca data import hdf5
          signed | /train/images must hold uint8 or booleans, but holds int8
          rank | must be [N, height, width] or [N, height, width, channels], but is [2, 90]
          channels_first | with 1 to 4 channels, but are [2, 3, 8, 8]
          labels | must hold a whole number for each of the 3 images, but is [2] of uint8
          label_value | must hold numbers in 0..255, but label 1 is 256
          sizes | the images of all splits must have one size, but are {train=[2, 6, 5, 3], valid=[2, 3, 5, 3]}
          pixels | the attribute pixels must be binary or uint8, but is 'float'
          schema | schema-version must be 1, but is 2; import the data again
          blosc | /train/images is stored with the filter Blosc, which is not supported here; write it again with gzip
          virtual | /train/images is a virtual dataset, put together from others; copy it with h5py
          external | /train/images keeps its data in other files (external storage); write it again into one file
          compound | /train/images must hold uint8 or booleans, but holds compound records
          link | /train/images is a soft link to /nowhere, but there is nothing there; mend the link
          link_loop | /train is a soft link to /b, which leads in a circle or through too many links; mend the link
          link_file | /train/images is an external link to gone.h5:/x, but there is no such file; mend the link
          """)
  void open_ofWhatIsNotADatasetOfImages_isRefused(String name, String message) {
    String file = fixture("refused_" + name).toString();
    assertThatThrownBy(() -> ImageDataset.open(file))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(message);
  }

  @Test
  void read_ofOtherPixelsThanDeclared_isRefused() {
    try (ImageDataset dataset = open("not_binary")) {
      Split train = dataset.split("train");
      assertThatThrownBy(() -> train.read(new int[] {1}))
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining("is declared binary, so its pixels must be 0 or 1");
    }
  }

  private static ImageDataset open(String name) {
    return ImageDataset.open(fixture(name).toString());
  }

  private static Path fixture(String name) {
    try {
      return Path.of(H5pyFilesTest.class.getResource("h5py/" + name + ".h5").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
