package org.vnca.data.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 255, 256, 257, 4096, 50_000, 65_537})
  void at_overAllPositions_isABijection(int size) {
    KeyedPermutation permutation = KeyedPermutation.of(42, size);
    int[] values = IntStream.range(0, size).map(permutation::at).sorted().toArray();
    assertThat(values).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void at_ofTheLargestSize_isInRange() {
    KeyedPermutation permutation = KeyedPermutation.of(1, Integer.MAX_VALUE);
    assertThat(permutation.at(Integer.MAX_VALUE - 1)).isBetween(0, Integer.MAX_VALUE - 1);
  }

  @Test
  void at_isPinned() {
    // A change of these values would change the order of the data of every run to be resumed.
    KeyedPermutation permutation = KeyedPermutation.of(1, 1000);
    assertThat(IntStream.range(0, 8).map(permutation::at))
        .containsExactly(688, 695, 366, 487, 100, 978, 295, 581);
    // A power of two, whose width in bits is that of the largest value, not of the size.
    KeyedPermutation power = KeyedPermutation.of(5, 1024);
    assertThat(power.size()).isEqualTo(1024);
    assertThat(IntStream.range(0, 6).map(power::at)).containsExactly(514, 994, 660, 308, 16, 646);
  }

  @Test
  void at_overManyKeys_reachesEveryPermutationOfFour() {
    Set<List<Integer>> seen = new HashSet<>();
    for (long key = 0; key < 1000; key++) {
      KeyedPermutation permutation = KeyedPermutation.of(key, 4);
      seen.add(IntStream.range(0, 4).map(permutation::at).boxed().toList());
    }
    assertThat(seen).hasSize(24);
  }

  @Test
  void at_overManyKeys_isUniformAtEachPosition() {
    int size = 10;
    int keys = 20_000;
    int[][] counts = new int[size][size];
    for (long key = 0; key < keys; key++) {
      KeyedPermutation permutation = KeyedPermutation.of(key, size);
      for (int position = 0; position < size; position++) {
        counts[position][permutation.at(position)]++;
      }
    }
    double expected = keys / (double) size;
    double chiSquare =
        Arrays.stream(counts)
            .flatMapToInt(Arrays::stream)
            .mapToDouble(count -> (count - expected) * (count - expected) / expected)
            .sum();
    // 81 degrees of freedom: mean 81, standard deviation 12.7
    assertThat(chiSquare).isBetween(30.0, 145.0);
  }

  @Test
  void at_ofAnotherKey_isAnotherOrder() {
    KeyedPermutation one = KeyedPermutation.of(1, 10_000);
    KeyedPermutation other = KeyedPermutation.of(2, 10_000);
    assertThat(IntStream.range(0, 10_000).filter(i -> one.at(i) == other.at(i)).count())
        .isLessThan(10);
  }

  @Test
  void subset_isSortedAndOfTheFirstPositions() {
    KeyedPermutation permutation = KeyedPermutation.of(3, 100);
    int[] subset = permutation.subset(10);
    assertThat(subset).isSorted().doesNotHaveDuplicates();
    assertThat(subset)
        .containsExactlyInAnyOrder(IntStream.range(0, 10).map(permutation::at).toArray());
    assertThat(permutation.subset(0)).isEmpty();
    assertThat(permutation.subset(100)).containsExactly(IntStream.range(0, 100).toArray());
  }

  @Test
  void subset_ofMoreThanThereAre_isRefused() {
    assertThatThrownBy(() -> KeyedPermutation.of(3, 5).subset(6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a subset of 5 needs 0 <= count <= 5, but count is 6");
  }

  @Test
  void of_sizeZero_isRefused() {
    assertThatThrownBy(() -> KeyedPermutation.of(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be at least 1, but is 0");
  }
}
