package org.vnca.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnca.data.DatasetHeader;
import org.vnca.data.ImageDataset;
import org.vnca.data.Samples;
import org.vnca.data.Split;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;

class BatchStreamTest {
  private static final SplitShape SHAPE = SplitShape.of(250, 4, 4, 1);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void next_openedLater_isWhatTheFirstStreamGave(DatasetHeader.Layout layout) {
    Path file = Samples.write(folder.resolve("a.h5"), layout, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      List<Batch> all = take(dataset.split("train"), 1, 0, 40);
      List<Batch> resumed = take(dataset.split("train"), 1, 17, 23);
      for (int i = 0; i < resumed.size(); i++) {
        assertThat(resumed.get(i).step()).isEqualTo(17 + i);
        assertThat(resumed.get(i).images()).isEqualTo(all.get(17 + i).images());
      }
    }
  }

  @Test
  void next_ofBothLayouts_isTheSame() {
    Path one = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    Path other = Samples.write(folder.resolve("b.h5"), DatasetHeader.Layout.COMPRESSED, SHAPE);
    try (ImageDataset a = ImageDataset.open(one.toString());
        ImageDataset b = ImageDataset.open(other.toString())) {
      assertThat(take(a.split("train"), 1, 0, 1).get(0).images())
          .isEqualTo(take(b.split("train"), 1, 0, 1).get(0).images());
    }
  }

  @Test
  void next_overAnEpoch_isEveryImageOnceAndAnotherOrderNext() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.COMPRESSED, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      List<Batch> epochs = take(dataset.split("train"), 1, 0, 20);
      List<String> first = images(epochs.subList(0, 10));
      List<String> second = images(epochs.subList(10, 20));
      assertThat(first).doesNotHaveDuplicates().hasSize(250);
      assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
    }
  }

  @Test
  void next_ofAnotherSeed_isAnotherOrder() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.COMPRESSED, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      assertThat(take(dataset.split("train"), 1, 0, 1).get(0).images())
          .isNotEqualTo(take(dataset.split("train"), 2, 0, 1).get(0).images());
    }
  }

  @Test
  void next_ofSeveralSplits_mixesThem() {
    SplitShape shape = SplitShape.of(100, 4, 4, 1);
    Path file =
        Samples.write(
            folder.resolve("a.h5"),
            DatasetHeader.Layout.COMPRESSED,
            Samples.split("train", shape, 251),
            Samples.split("valid", shape, 2));
    try (ImageDataset dataset = ImageDataset.open(file.toString());
        BatchStream stream =
            BatchStream.open(List.of(dataset.split("train"), dataset.split("valid")), 1, 200, 0)) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        expected.add(Arrays.toString(Samples.image(i, shape, 251)));
        expected.add(Arrays.toString(Samples.image(i, shape, 2)));
      }
      assertThat(images(List.of(stream.next()))).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void next_ofABatchLargerThanTheData_holdsSeveralEpochs() {
    SplitShape shape = SplitShape.of(3, 2, 2, 1);
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, shape);
    try (ImageDataset dataset = ImageDataset.open(file.toString());
        BatchStream stream = BatchStream.open(List.of(dataset.split("train")), 1, 6, 0)) {
      List<String> images = images(List.of(stream.next()), 4);
      assertThat(images.subList(0, 3)).doesNotHaveDuplicates();
      assertThat(images.subList(3, 6)).doesNotHaveDuplicates();
    }
  }

  @Test
  void next_afterTheReaderFailed_throwsWhatItThrewEachTime() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    ImageDataset dataset = ImageDataset.open(file.toString());
    Split split = dataset.split("train");
    dataset.close();
    try (BatchStream stream = BatchStream.open(List.of(split), 1, 25, 0)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(stream::next)
            .isInstanceOf(DatasetException.class)
            .hasMessageContaining("a.h5, /train/images cannot be read: the file is closed");
      }
    }
  }

  @Test
  void next_afterClose_isRefused() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      BatchStream stream = BatchStream.open(List.of(dataset.split("train")), 1, 25, 0);
      stream.close();
      stream.close();
      assertThatThrownBy(stream::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("the stream of batches is closed");
      assertThat(Files.exists(file)).isTrue();
      assertThat(dataset.split("train").read(new int[] {0})).hasSize(16);
    }
  }

  @Test
  void open_withArgumentsThatBreakARule_isRefused() {
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.CONTIGUOUS, SHAPE);
    Path other =
        Samples.write(
            folder.resolve("b.h5"), DatasetHeader.Layout.CONTIGUOUS, SplitShape.of(3, 5, 4, 1));
    try (ImageDataset dataset = ImageDataset.open(file.toString());
        ImageDataset taller = ImageDataset.open(other.toString())) {
      List<Split> splits = List.of(dataset.split("train"));
      assertThatThrownBy(() -> BatchStream.open(List.of(), 1, 1, 0))
          .hasMessage("batches need at least one split, but there is none");
      assertThatThrownBy(() -> BatchStream.open(splits, 1, 0, 0))
          .hasMessage("batch size must be at least 1, but is 0");
      assertThatThrownBy(() -> BatchStream.open(splits, 1, 1, -1))
          .hasMessage("first step must be at least 0, but is -1");
      assertThatThrownBy(
              () -> BatchStream.open(List.of(splits.get(0), taller.split("train")), 1, 1, 0))
          .hasMessage(
              "splits to be joined must have images of one size, but train has 4 x 4 x 1 and train"
                  + " has 5 x 4 x 1");
    }
  }

  private static List<Batch> take(Split split, long seed, long firstStep, int count) {
    List<Batch> batches = new ArrayList<>();
    try (BatchStream stream = BatchStream.open(List.of(split), seed, 25, firstStep)) {
      for (int i = 0; i < count; i++) {
        batches.add(stream.next());
      }
    }
    return batches;
  }

  private static List<String> images(List<Batch> batches) {
    return images(batches, SHAPE.image().dimensions());
  }

  private static List<String> images(List<Batch> batches, int imageBytes) {
    List<String> images = new ArrayList<>();
    for (Batch batch : batches) {
      for (int from = 0; from < batch.images().length; from += imageBytes) {
        images.add(Arrays.toString(Arrays.copyOfRange(batch.images(), from, from + imageBytes)));
      }
    }
    return images;
  }
}
