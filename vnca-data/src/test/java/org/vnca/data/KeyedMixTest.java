package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyedMixTest {
  @Test
  void derive_ofNeighbouringKeysAndIndices_isDistinct() {
    assertThat(
            LongStream.range(0, 100)
                .flatMap(key -> LongStream.range(0, 100).map(i -> KeyedMix.derive(key, i)))
                .distinct())
        .hasSize(10_000);
  }

  @Test
  void uniform_onAverage_isOneHalf() {
    double mean = LongStream.range(0, 100_000).mapToDouble(i -> KeyedMix.uniform(7, i)).sum() / 1e5;
    assertThat(mean).isBetween(0.497, 0.503); // standard error 0.0009
  }
}
