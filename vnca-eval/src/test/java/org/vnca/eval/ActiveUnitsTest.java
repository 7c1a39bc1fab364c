package org.vnca.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ActiveUnitsTest {
  /** The means of an image: one that stands still, one of variance 1/4, and its index. */
  private static float[] means(int image) {
    return new float[] {3, image % 2 == 0 ? 0.5f : -0.5f, image};
  }

  @Test
  void variances_areOverAllImages_eachEncodedOnce_inPieces() {
    int[] images = IntStream.range(0, 250).map(i -> 2 * i + i % 2).toArray();
    List<Integer> encoded = new ArrayList<>();
    List<Integer> pieces = new ArrayList<>();
    AtomicInteger told = new AtomicInteger();
    double[] variances =
        ActiveUnits.variances(
            batch -> {
              assertThat(told).as("told after each piece").hasValue(pieces.size());
              pieces.add(batch.length);
              Arrays.stream(batch).forEach(encoded::add);
              return Arrays.stream(batch).mapToObj(ActiveUnitsTest::means).toArray(float[][]::new);
            },
            images,
            told::incrementAndGet);
    assertThat(encoded).containsExactlyElementsOf(Arrays.stream(images).boxed().toList());
    assertThat(pieces).containsExactly(100, 100, 50);
    assertThat(told).hasValue(3);
    double mean = Arrays.stream(images).average().orElseThrow();
    double index = Arrays.stream(images).mapToDouble(i -> (i - mean) * (i - mean)).sum() / 250;
    assertThat(variances).hasSize(3);
    assertThat(variances[0]).isZero();
    assertThat(variances[1]).isCloseTo(0.25, within(1e-12));
    assertThat(variances[2]).isCloseTo(index, within(1e-6));
  }

  @Test
  void active_areThoseAboveTheThreshold() {
    double[] variances = {0, 0.0099, 0.01, 0.0101, 7, Double.NaN};
    assertThat(ActiveUnits.count(variances)).isEqualTo(2);
  }
}
