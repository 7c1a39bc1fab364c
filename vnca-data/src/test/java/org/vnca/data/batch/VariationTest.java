package org.vnca.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.image.ImageShape;
import org.vnca.data.DatasetHeader;
import org.vnca.data.ImageDataset;
import org.vnca.data.Samples;
import org.vnca.data.Split;
import org.vnca.data.SplitShape;

class VariationTest {
  private static final ImageShape GREY = new ImageShape(5, 4, 1);
  private static final int EPOCHS = 20_000;

  @TempDir private Path folder;

  @Test
  void drawn_isWhiteWithTheProbabilityOfTheGrey_anewInEveryEpoch() {
    Variation variation = new Variation(GREY, Optional.of(3L), Optional.empty());
    byte[] image = random(GREY, 1);
    double[] means = new double[image.length];
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      byte[] drawn = once(variation, epoch, 7, image);
      for (int i = 0; i < drawn.length; i++) {
        assertThat(drawn[i]).isBetween((byte) 0, (byte) 1);
        means[i] += drawn[i] / (double) EPOCHS;
      }
    }
    for (int i = 0; i < image.length; i++) {
      double grey = (image[i] & 0xFF) / 255.0;
      double slack = 4.5 * Math.sqrt(grey * (1 - grey) / EPOCHS);
      assertThat(means[i]).isBetween(grey - slack, grey + slack);
    }
  }

  @Test
  void drawsOfAnotherEpochImageOrKey_areOthers_andTheSameAgain() {
    ImageShape shape = new ImageShape(28, 28, 1);
    byte[] grey = new byte[shape.dimensions()];
    Arrays.fill(grey, (byte) 128);
    Variation drawn = new Variation(shape, Optional.of(3L), Optional.empty());
    byte[] one = once(drawn, 2, 7, grey);
    assertThat(once(drawn, 2, 7, grey)).isEqualTo(one);
    assertThat(once(drawn, 3, 7, grey)).isNotEqualTo(one);
    assertThat(once(drawn, 2, 8, grey)).isNotEqualTo(one);
    assertThat(once(new Variation(shape, Optional.of(4L), Optional.empty()), 2, 7, grey))
        .isNotEqualTo(one);
  }

  /** Every result is a mirror image or not, at one of the places, and each as often as others. */
  @Test
  void moved_isEveryPlaceAndBothSides_equallyOften_pixelByPixel() {
    for (ImageShape stored : List.of(GREY, new ImageShape(3, 4, 3))) {
      ImageShape frame = new ImageShape(stored.height() + 2, stored.width() + 3, stored.channels());
      byte[] image = random(stored, 2);
      Map<String, Integer> counts = new HashMap<>();
      for (boolean flip : new boolean[] {false, true}) {
        for (int down = -2; down <= 2; down++) {
          for (int right = -2; right <= 2; right++) {
            byte[] expected = placed(image, stored, frame, flip, down, right);
            assertThat(counts.put(Arrays.toString(expected), 0)).as("places differ").isNull();
          }
        }
      }
      Variation variation = new Variation(stored, Optional.empty(), moved(true, 2, frame));
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        String result = Arrays.toString(once(variation, epoch, 7, image));
        assertThat(counts).containsKey(result);
        counts.merge(result, 1, Integer::sum);
      }
      double share = 1 / 50.0;
      double slack = 4.5 * Math.sqrt(EPOCHS * share * (1 - share));
      counts.forEach(
          (place, count) ->
              assertThat((double) count).isBetween(EPOCHS * share - slack, EPOCHS * share + slack));
    }
  }

  @Test
  void moved_withinTheFrame_losesNothing_andWithoutRoomLosesTheEdge() {
    byte[] image = random(GREY, 3);
    ImageShape frame = new ImageShape(9, 8, 1);
    Variation roomy = new Variation(GREY, Optional.empty(), moved(true, 2, frame));
    Variation tight = new Variation(GREY, Optional.empty(), moved(false, 2, GREY));
    boolean lost = false;
    for (int epoch = 0; epoch < 200; epoch++) {
      assertThat(sum(once(roomy, epoch, 0, image))).isEqualTo(sum(image));
      lost |= sum(once(tight, epoch, 0, image)) < sum(image);
    }
    assertThat(lost).isTrue();
  }

  @Test
  void flipAlone_leavesEveryRowInItsPlace() {
    byte[] image = random(GREY, 4);
    byte[] mirrored = placed(image, GREY, GREY, true, 0, 0);
    Variation variation = new Variation(GREY, Optional.empty(), moved(true, 0, GREY));
    List<byte[]> seen = new ArrayList<>();
    for (int epoch = 0; epoch < 40; epoch++) {
      seen.add(once(variation, epoch, 0, image));
    }
    assertThat(seen).allSatisfy(one -> assertThat(List.of(image, mirrored)).contains(one));
    assertThat(seen).contains(image, mirrored);
  }

  @Test
  void aFrameThatIsSmallerThanTheImage_isRefused() {
    assertThatThrownBy(
            () -> new Variation(GREY, Optional.empty(), moved(true, 1, new ImageShape(4, 4, 1))))
        .hasMessage("the frame must hold an image of 5x4x1, but is 4x4x1");
    assertThatThrownBy(() -> moved(true, -1, GREY)).hasMessageContaining("at least 0");
  }

  /** Two splits, three epochs: opened later, and cut into other batches. */
  @Test
  void batches_dependOnEpochAndImageAlone() {
    SplitShape shape = SplitShape.of(30, 6, 5, 1);
    Path file =
        Samples.write(
            folder.resolve("a.h5"),
            DatasetHeader.Layout.COMPRESSED,
            Samples.split("train", shape, 251),
            Samples.split("valid", shape, 97));
    Variation variation =
        new Variation(shape.image(), Optional.of(9L), moved(true, 1, new ImageShape(8, 7, 1)));
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      List<Split> splits = List.of(dataset.split("train"), dataset.split("valid"));
      byte[] all = stream(splits, variation, 12, 0, 15);
      assertThat(all).hasSize(180 * 56);
      assertThat(stream(splits, variation, 12, 7, 8))
          .isEqualTo(Arrays.copyOfRange(all, 7 * 12 * 56, all.length));
      assertThat(stream(splits, variation, 36, 0, 5)).isEqualTo(all);
      assertThat(Arrays.copyOfRange(all, 0, 60 * 56))
          .as("another epoch, other images")
          .isNotEqualTo(Arrays.copyOfRange(all, 60 * 56, 120 * 56));
    }
  }

  @Test
  void split_asBinary_changesWhatItReadsByItsNumber_andKeepsTheRest() {
    SplitShape shape = SplitShape.of(70, 4, 4, 1);
    Path file = Samples.write(folder.resolve("b.h5"), DatasetHeader.Layout.COMPRESSED, shape);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      Split grey = dataset.split("train");
      Split binary =
          grey.binary(
              (index, images, from, length) -> {
                for (int i = from; i < from + length; i++) {
                  images[i] = (byte) ((images[i] + index) & 1);
                }
              });
      int[] order = {69, 3, 3, 0};
      byte[] expected = grey.read(order);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (byte) ((expected[i] + order[i / 16]) & 1);
      }
      assertThat(binary.read(order)).isEqualTo(expected);
      assertThat(binary.pixels()).isEqualTo(org.vnca.data.Pixels.BINARY);
      assertThat(binary.labels()).isPresent();
      assertThat(binary.binary((index, images, from, length) -> {})).isSameAs(binary);
      assertThat(grey.read(new int[] {0})).as("the split itself is as it was").contains(30);
    }
  }

  private static byte[] stream(
      List<Split> splits, Variation variation, int batch, long first, int count) {
    try (BatchStream stream = BatchStream.open(splits, Optional.of(variation), 1, batch, first)) {
      java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        all.writeBytes(stream.next().images());
      }
      return all.toByteArray();
    }
  }

  private static Optional<Variation.Moved> moved(boolean flip, int shift, ImageShape frame) {
    return Optional.of(new Variation.Moved(5, flip, shift, frame));
  }

  private static byte[] once(Variation variation, long epoch, int number, byte[] image) {
    return variation.of(new long[] {epoch}, new int[] {number}, image.clone());
  }

  /** Asks for each pixel of the frame which of the image it is. */
  private static byte[] placed(
      byte[] image, ImageShape stored, ImageShape frame, boolean flip, int down, int right) {
    byte[] result = new byte[frame.dimensions()];
    int top = (frame.height() - stored.height()) / 2 + down;
    int left = (frame.width() - stored.width()) / 2 + right;
    for (int i = 0; i < result.length; i++) {
      int channel = i % frame.channels();
      int x = i / frame.channels() % frame.width() - left;
      int y = i / frame.channels() / frame.width() - top;
      if (x >= 0 && x < stored.width() && y >= 0 && y < stored.height()) {
        int column = flip ? stored.width() - 1 - x : x;
        result[i] = image[(y * stored.width() + column) * stored.channels() + channel];
      }
    }
    return result;
  }

  private static byte[] random(ImageShape shape, long seed) {
    byte[] image = new byte[shape.dimensions()];
    new SplittableRandom(seed).nextBytes(image);
    return image;
  }

  private static int sum(byte[] image) {
    return IntStream.range(0, image.length).map(i -> image[i] & 0xFF).sum();
  }
}
