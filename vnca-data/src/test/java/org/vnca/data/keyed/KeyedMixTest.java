package org.vnca.data.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyedMixTest {
  /** Files and runs depend on these for ever; worked out in Python from the algorithm's text. */
  @Test
  void derive_isPinned() {
    assertThat(KeyedMix.derive(0, 0)).isEqualTo(-6411193824288604561L);
    assertThat(KeyedMix.derive(7, 0)).isEqualTo(-5137267319001854395L);
    assertThat(KeyedMix.derive(7, 1)).isEqualTo(-6461814455296669442L);
    assertThat(KeyedMix.derive(-1, 41)).isEqualTo(-3132255848188288151L);
    assertThat(KeyedMix.uniform(7, 0)).isEqualTo(0.7215081806049702);
    assertThat(KeyedMix.uniform(7, 1)).isEqualTo(0.6497043364684557);
  }

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
