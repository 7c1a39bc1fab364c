package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.hash.Sha256;

class DatasetInfoTest {
  @TempDir private Path folder;

  @Test
  void of_tellsWhatIsInTheFile() throws IOException {
    SplitShape shape = SplitShape.of(25, 6, 5, 3);
    Path file = Samples.write(folder.resolve("a.h5"), DatasetHeader.Layout.COMPRESSED, shape);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      DatasetInfo info = DatasetInfo.of(dataset);
      assertThat(info.location()).isEqualTo(file.toString());
      assertThat(info.name()).isEqualTo("sample");
      assertThat(info.source()).isEqualTo("made up");
      assertThat(info.pixels()).isEqualTo(Pixels.UINT8);
      assertThat(info.bytes()).isEqualTo(Files.size(file));
      assertThat(info.checksum()).isEqualTo(Sha256.of(file)).hasSize(64);
      DatasetInfo.SplitInfo train = info.splits().get(0);
      assertThat(train.name()).isEqualTo("train");
      assertThat(train.images()).isEqualTo(25);
      assertThat(train.height()).isEqualTo(6);
      assertThat(train.width()).isEqualTo(5);
      assertThat(train.channels()).isEqualTo(3);
      assertThat(train.minimum()).isZero();
      assertThat(train.maximum()).isEqualTo(250);
      assertThat(train.meanPixel()).isCloseTo(mean(shape), within(1e-9));
      assertThat(train.classCounts())
          .isEqualTo(Map.of(0, 3, 1, 3, 2, 3, 3, 3, 4, 3, 5, 2, 6, 2, 7, 2, 8, 2, 9, 2));
    }
  }

  @Test
  void of_theEmbeddedDigits_isWhatTheirDescriptionSays() {
    try (ImageDataset dataset = ImageDataset.open("embedded:digits")) {
      DatasetInfo info = DatasetInfo.of(dataset);
      assertThat(info.checksum())
          .isEqualTo("aca6ab1baaaec7c9689e6223b0e8ba544a57e480198af6a4448b6eee9b0cb1a1");
      assertThat(info.splits())
          .extracting(DatasetInfo.SplitInfo::images)
          .containsExactly(8000, 1000, 1000);
      assertThat(info.splits())
          .allSatisfy(
              split -> {
                assertThat(split.maximum()).isEqualTo(1);
                assertThat(split.meanPixel()).isBetween(0.129, 0.134);
                // No split is sorted by class, nor lacks one.
                assertThat(split.classCounts()).hasSize(10);
                assertThat(split.classCounts().values())
                    .allSatisfy(
                        count -> assertThat(count / (double) split.images()).isBetween(0.08, 0.13));
              });
    }
  }

  private static double mean(SplitShape shape) {
    long sum = 0;
    for (byte pixel : Samples.images(Samples.all(shape.images()), shape, 251)) {
      sum += pixel & 0xFF;
    }
    return sum / (double) (shape.images() * shape.image().dimensions());
  }
}
