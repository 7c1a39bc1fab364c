package org.vnca.train.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnca.graph.serving.ImportanceSampling;

class BoundSummaryTest {
  private static ImageBound image(int number, double nats, double reconstruction, double kl) {
    return new ImageBound(number, List.of(-1000.0, nats), reconstruction, kl);
  }

  @Test
  void summary_hasTheMeans_andTheErrorOfTheBound() {
    BoundSummary summary =
        BoundSummary.of(
            List.of(image(0, -80, -60, 20), image(1, -84, -66, 23), image(2, -85, -69, 29)), 7, 16);
    assertThat(summary.images()).isEqualTo(3);
    assertThat(summary.samples()).isEqualTo(7);
    assertThat(summary.nats()).isCloseTo(-83, within(1e-12));
    // Deviations 3, -1, -2: squares 14, over n - 1 = 2, over n = 3.
    assertThat(summary.natsStandardError()).isCloseTo(Math.sqrt(14 / 6.0), within(1e-12));
    assertThat(summary.bitsPerDim()).isCloseTo(83 / (16 * Math.log(2)), within(1e-12));
    assertThat(summary.reconstructionNats()).isCloseTo(-65, within(1e-12));
    assertThat(summary.klNats()).isCloseTo(24, within(1e-12));
    assertThat(summary.elboNats()).isCloseTo(-89, within(1e-12));
  }

  @Test
  void ofOneImage_thereIsNoError_andOfNoneNothing() {
    assertThat(BoundSummary.of(List.of(image(0, -80, -60, 20)), 1, 16).natsStandardError()).isNaN();
    assertThatThrownBy(() -> BoundSummary.of(List.of(), 1, 16))
        .hasMessage("a bound needs at least 1 image, but there is none");
  }

  @Test
  void choose_takesAllOrAKeyedSubset() {
    for (int wanted : new int[] {-1, 0, 5, 6}) {
      assertThat(BoundEstimator.choose(5, wanted)).containsExactly(0, 1, 2, 3, 4);
    }
    int[] some = BoundEstimator.choose(1000, 4);
    assertThat(some).hasSize(4).isSorted().doesNotHaveDuplicates();
    assertThat(BoundEstimator.choose(1000, 4)).isEqualTo(some).isNotEqualTo(new int[] {0, 1, 2, 3});
    assertThat(BoundEstimator.choose(5, 4)).hasSize(4);
  }

  @Test
  void aRun_drawsWholeBlocks_asManyAsItsRowsHold() {
    int block = ImportanceSampling.BLOCK;
    assertThat(BoundEstimator.perRun(10 * block, 3)).isEqualTo(3);
    assertThat(BoundEstimator.perRun(3, 3)).isEqualTo(3);
    assertThat(BoundEstimator.perRun(1, 10 * block)).isEqualTo(block);
    assertThat(BoundEstimator.perRun(2 * block + 1, 10 * block)).isEqualTo(2 * block);
  }
}
