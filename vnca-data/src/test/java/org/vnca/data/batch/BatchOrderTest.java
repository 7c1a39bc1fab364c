package org.vnca.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vnca.data.keyed.KeyedMix;

class BatchOrderTest {
  private static final int SIZE = 10;

  private static int[] epoch(long seed, long epoch) {
    EpochOrder order = new EpochOrder(KeyedMix.derive(seed, epoch), SIZE, 2, 6);
    return IntStream.range(0, SIZE).map(order::at).toArray();
  }

  /** Batches of four from epochs of ten: the third batch has two images of either epoch. */
  @Test
  void batches_areThePlacesOfAllEpochsOneAfterTheOther() {
    BatchOrder order = new BatchOrder(3, SIZE, 4, 2, 6);
    int[] places = IntStream.range(0, 6).flatMap(step -> Arrays.stream(order.at(step))).toArray();
    int[] expected =
        IntStream.range(0, 3).flatMap(epoch -> Arrays.stream(epoch(3, epoch))).limit(24).toArray();
    assertThat(places).isEqualTo(expected);
    assertThat(epoch(3, 0)).isNotEqualTo(epoch(3, 1));
  }

  @Test
  void aStep_doesNotDependOnTheStepsBefore() {
    BatchOrder order = new BatchOrder(3, SIZE, 4, 2, 6);
    int[] late = order.at(1_000_001);
    order.at(2);
    assertThat(order.at(1_000_001)).isEqualTo(late);
    assertThat(new BatchOrder(3, SIZE, 4, 2, 6).at(1_000_001)).isEqualTo(late);
    assertThat(new BatchOrder(4, SIZE, 4, 2, 6).at(1_000_001)).isNotEqualTo(late);
  }

  @Test
  void aBatchLargerThanTheEpoch_hasEveryImage() {
    int[] images = new BatchOrder(3, 3, 7, 1, 3).at(0);
    assertThat(images).hasSize(7).containsOnly(0, 1, 2);
    assertThat(Arrays.stream(images).limit(3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(Arrays.stream(images).skip(3).limit(3)).containsExactlyInAnyOrder(0, 1, 2);
  }
}
