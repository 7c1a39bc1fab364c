package org.vnca.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochOrderTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 64, 1000", "1000, 64, 256", "1000, 64, 64", "1000, 64, 10", "1024, 64, 256",
    "1, 64, 1", "65, 64, 64", "1000, 7, 50", "999, 1, 100", "130, 64, 128"
  })
  void at_overAnEpoch_isEveryImageOnce(int size, int block, int window) {
    for (long key = 0; key < 20; key++) {
      EpochOrder order = new EpochOrder(key, size, block, window);
      int[] images = IntStream.range(0, size).map(order::at).sorted().toArray();
      assertThat(images).isEqualTo(IntStream.range(0, size).toArray());
    }
  }

  @Test
  void at_withinAWindow_staysInItsBlocks() {
    EpochOrder order = new EpochOrder(5, 6400, 64, 640);
    for (int window = 0; window < 10; window++) {
      int start = window * 640;
      long blocks =
          IntStream.range(start, start + 640).map(order::at).map(i -> i / 64).distinct().count();
      assertThat(blocks).isEqualTo(10);
    }
  }

  @Test
  void at_inAnyOrderOfAsking_isTheSame() {
    EpochOrder forwards = new EpochOrder(5, 1000, 16, 100);
    EpochOrder backwards = new EpochOrder(5, 1000, 16, 100);
    int[] asked = IntStream.range(0, 1000).map(forwards::at).toArray();
    int[] again = new int[1000];
    IntStream.range(0, 1000).forEach(i -> again[999 - i] = backwards.at(999 - i));
    assertThat(again).isEqualTo(asked);
    assertThat(Arrays.equals(asked, IntStream.range(0, 1000).toArray())).isFalse();
  }

  /** Worked out in Python from the definition: blocks permuted, then images within windows. */
  @Test
  void at_isPinned() {
    assertThat(order(11, 11, 3, 7)).containsExactly(5, 0, 2, 1, 4, 3, 10, 7, 9, 6, 8);
    // A window of all images is one permutation of them, also where the last block is short.
    assertThat(order(11, 10, 4, 10)).containsExactly(9, 3, 6, 8, 1, 0, 5, 4, 7, 2);
    assertThat(order(11, 10, 4, 9)).containsExactly(6, 7, 2, 3, 5, 4, 1, 0, 8, 9);
    assertThat(order(11, 7, 2, 1)).containsExactly(2, 3, 0, 1, 5, 4, 6);
  }

  private static int[] order(long key, int size, int block, int window) {
    EpochOrder order = new EpochOrder(key, size, block, window);
    return IntStream.range(0, size).map(order::at).toArray();
  }
}
