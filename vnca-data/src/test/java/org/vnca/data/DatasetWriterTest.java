package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnca.data.fault.DatasetException;

class DatasetWriterTest {
  private static final SplitShape SHAPE = SplitShape.of(130, 6, 5, 3);
  private static final DatasetHeader HEADER =
      new DatasetHeader("sample", "made up", Pixels.UINT8, DatasetHeader.Layout.COMPRESSED);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void write_ofAnyNumberOfImages_readsBack(DatasetHeader.Layout layout) {
    for (int images : new int[] {1, 63, 64, 65, 128, 130}) {
      SplitShape shape = SplitShape.of(images, 6, 5, 3);
      Path file = Samples.write(folder.resolve("a.h5"), layout, shape);
      try (ImageDataset dataset = ImageDataset.open(file.toString())) {
        Split train = dataset.split("train");
        assertThat(train.size()).isEqualTo(images);
        assertThat(train.read(Samples.all(images)))
            .isEqualTo(Samples.images(Samples.all(images), shape, 251));
        assertThat(train.labels().orElseThrow()).hasSize(images);
        assertThat(dataset.name()).isEqualTo("sample");
        assertThat(dataset.source()).isEqualTo("made up");
        assertThat(dataset.pixels()).isEqualTo(Pixels.UINT8);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void write_isReadByH5py(DatasetHeader.Layout layout) {
    String program =
        """
        import h5py, sys
        import numpy as np
        with h5py.File(sys.argv[1]) as file:
            print(sorted(file), dict(sorted(file.attrs.items())))
            for name in sorted(file):
                images, labels = file[name]["images"], file[name]["labels"]
                i, y, x, c = np.ogrid[:images.shape[0], :6, :5, :3]
                right = (images[:] == (31 * i + 7 * y + 3 * x + 5 * c) % 251).all()
                print(images.shape, images.dtype, images.chunks, images.compression, right, labels.dtype, labels[-1])
        """;
    for (int images : new int[] {1, 64, 130, 70_000}) {
      SplitShape shape = SplitShape.of(images, 6, 5, 3);
      Path file =
          Samples.write(
              folder.resolve("a.h5"),
              layout,
              Samples.split("train", shape, 251),
              Samples.split("test", SHAPE, 251));
      boolean compressed = layout == DatasetHeader.Layout.COMPRESSED;
      assertThat(Python.run(program, file.toString()))
          .isEqualTo(
              """
              ['test', 'train'] {'name': b'sample', 'pixels': b'uint8', 'schema-version': 1, 'source': b'made up'}
              (130, 6, 5, 3) uint8 %s True uint8 9
              (%d, 6, 5, 3) uint8 %s True uint8 %d\
              """
                  .formatted(
                      compressed ? "(64, 6, 5, 3) gzip" : "None None",
                      images,
                      compressed
                          ? "(%d, 6, 5, 3) gzip".formatted(Math.min(64, images))
                          : "None None",
                      (images - 1) % 10));
    }
  }

  @Test
  void write_ofEqualData_isEqualFiles() throws IOException {
    Path one = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.COMPRESSED, SHAPE);
    Path other = Samples.write(folder.resolve("b.h5"), DatasetHeader.Layout.COMPRESSED, SHAPE);
    assertThat(one).hasSameBinaryContentAs(other);
    assertThat(Files.readString(one, StandardCharsets.ISO_8859_1))
        .doesNotContain(System.getProperty("os.name"));
  }

  @Test
  void write_intoAFolderThatIsMissing_makesIt() {
    Path file = folder.resolve("new/er/a.h5");
    Samples.write(file, DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    assertThat(file).exists();
  }

  @Test
  void write_whoseSourceFails_leavesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.h5"), "before");
    ImageSource failing =
        new ImageSource() {
          private int next;

          @Override
          public boolean next(byte[] image) throws IOException {
            if (next++ == 100) {
              throw new IOException("the disk is gone");
            }
            return true;
          }

          @Override
          public void close() {}
        };
    SplitContent split = new SplitContent("train", SHAPE, () -> failing, Optional.empty());
    assertThatThrownBy(
            () -> DatasetWriter.write(file, HEADER, List.of(split), ImportProgress.SILENT))
        .isInstanceOf(DatasetException.class)
        .hasMessage("%s cannot be written: the disk is gone", file);
    assertThat(files()).containsExactly(file);
    assertThat(file).hasContent("before");
  }

  @Test
  void write_ofTooFewOrTooManyImages_isRefused() throws IOException {
    for (int images : new int[] {129, 131}) {
      SplitShape other = SplitShape.of(images, 6, 5, 3);
      SplitContent split =
          new SplitContent("train", other, () -> Samples.source(SHAPE, 251), Optional.empty());
      assertThatThrownBy(
              () ->
                  DatasetWriter.write(
                      folder.resolve("a.h5"), HEADER, List.of(split), ImportProgress.SILENT))
          .isInstanceOf(DatasetException.class)
          .hasMessage(
              "split train must have %d images, but its source has %s; check the source",
              images, images > 130 ? "only 130" : "more");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void write_afterTheSourcesEnd_doesNotAskAgain() {
    ImageSource once =
        new ImageSource() {
          private int calls;

          @Override
          public boolean next(byte[] image) {
            return calls++ != 130;
          }

          @Override
          public void close() {}
        };
    SplitContent split = new SplitContent("train", SHAPE, () -> once, Optional.empty());
    assertThat(
            DatasetWriter.write(
                folder.resolve("a.h5"), HEADER, List.of(split), ImportProgress.SILENT))
        .containsEntry("train", 130);
  }

  @Test
  void write_ontoAFolder_isRefused() {
    assertThatThrownBy(() -> Samples.write(folder, DatasetHeader.Layout.CONTIGUOUS, SHAPE))
        .isInstanceOf(DatasetException.class)
        .hasMessage("%s must be the file to write, but is a folder; name a file in it", folder);
  }

  @Test
  void write_tellsItsProgress() {
    List<String> heard = new ArrayList<>();
    ImportProgress progress =
        new ImportProgress() {
          private int sum;

          @Override
          public void begin(String split, int images) {
            heard.add("begin " + split + " " + images);
          }

          @Override
          public void advance(int images) {
            sum += images;
          }

          @Override
          public void end() {
            heard.add("end " + sum);
          }
        };
    SplitContent split = Samples.split("train", SHAPE, 251);
    DatasetWriter.write(folder.resolve("a.h5"), HEADER, List.of(split), progress);
    assertThat(heard).containsExactly("begin train 130", "end 130");
  }

  @Test
  void splitContent_withLabelsOfAnotherNumber_isRefused() {
    assertThatThrownBy(() -> new SplitContent("train", SHAPE, () -> null, Optional.of(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split train must have a label for each of 130 images, but has 3");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
