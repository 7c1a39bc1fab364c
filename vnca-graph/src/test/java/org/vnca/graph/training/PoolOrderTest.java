package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.graph.spec.PoolSpec;

class PoolOrderTest {
  private static PoolOrder order(PoolSpec.Used used, int size, int... entries) {
    return PoolOrder.empty(new PoolSpec(size, 1, used)).with(entries);
  }

  @Test
  void usedEntries_stayOrMakeRoom() {
    int[] unshuffled = IntStream.range(0, 16).toArray();
    PoolSpec stay = new PoolSpec(12, 1, PoolSpec.Used.STAY);
    PoolOrder.Exchange exchange =
        PoolOrder.empty(stay)
            .with(new int[] {5, 3, 1, 0, 2})
            .exchange(8, Arrays.copyOf(unshuffled, 13));
    assertThat(exchange.read()).containsExactly(5, 3, 1, 0);
    assertThat(exchange.rows()).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(exchange.slots()).containsExactly(4, 6, 7, 8, 9, 10, 11);
    assertThat(exchange.after().entries()).containsExactly(5, 3, 1, 0, 2, 4, 6, 7, 8, 9, 10, 11);

    PoolSpec removed = new PoolSpec(12, 1, PoolSpec.Used.REMOVED);
    exchange =
        PoolOrder.empty(removed)
            .with(new int[] {5, 3, 1, 0, 2})
            .exchange(8, Arrays.copyOf(unshuffled, 9));
    assertThat(exchange.read()).containsExactly(5, 3, 1, 0);
    assertThat(exchange.rows()).hasSize(8);
    assertThat(exchange.after().entries()).containsExactly(2, 0, 1, 3, 4, 5, 6, 7, 8);
  }

  @ParameterizedTest
  @EnumSource(PoolSpec.Used.class)
  void manyTurns_keepEntriesApartAndThePoolFull(PoolSpec.Used used) {
    PoolSpec spec = new PoolSpec(20, 1, used);
    PoolOrder order = PoolOrder.empty(spec);
    int[] born = new int[20];
    for (int step = 0; step < 200; step++) {
      PoolOrder.Exchange exchange = order.exchange(7, step, step);
      assertThat(exchange.read()).hasSize(step == 0 ? 0 : 3);
      for (int slot : exchange.slots()) {
        born[slot] = step;
      }
      order = exchange.after();
      assertThat(order.entries()).doesNotHaveDuplicates();
      assertThat(order.entries()).hasSize(Math.min(20, step == 0 ? 7 : order.entries().length));
    }
    assertThat(order.entries()).hasSize(20);
    assertThat(Arrays.stream(born).distinct().count()).isGreaterThan(3);
  }

  /** Half the batch is taken only if the pool holds more than that. */
  @ParameterizedTest
  @EnumSource(PoolSpec.Used.class)
  void aPoolOfHalfABatch_isNotUsed(PoolSpec.Used used) {
    assertThat(order(used, 9, 4, 2).exchange(4, 0, 1).read()).isEmpty();
    assertThat(order(used, 9, 4, 2, 7).exchange(4, 0, 1).read()).containsExactly(4, 2);
    assertThat(order(used, 9, 4, 2, 7).exchange(5, 0, 1).read()).containsExactly(4, 2);
  }

  /** What comes out of "append, shuffle, keep P", done with states in place of slots. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void turn_isAppendShuffleKeep(long key) {
    PoolOrder before = order(PoolSpec.Used.REMOVED, 6, 5, 3, 1, 0, 2);
    PoolOrder.Exchange exchange = before.exchange(4, 0, key);
    // Two are used, so three are left, and four come: seven for six places.
    String[] states = {"s0", "s1", "s2", "s3", "s4", "s5"};
    for (int i = 0; i < exchange.rows().length; i++) {
      states[exchange.slots()[i]] = "new" + exchange.rows()[i];
    }
    String[] all = {"s1", "s0", "s2", "new0", "new1", "new2", "new3"};
    assertThat(Arrays.stream(exchange.after().entries()).mapToObj(slot -> states[slot]))
        .hasSize(6)
        .doesNotHaveDuplicates()
        .isSubsetOf(all);
    assertThat(exchange.rows()).hasSameSizeAs(exchange.slots()).doesNotHaveDuplicates();
    assertThat(exchange.slots()).isSorted().doesNotHaveDuplicates();
    assertThat(before.exchange(4, 0, key).after().entries()).isEqualTo(exchange.after().entries());
  }

  /** Fisher and Yates' shuffle reaches all orders equally often. */
  @Test
  void shuffle_isUniform() {
    int[] counts = new int[27];
    for (int key = 0; key < 6000; key++) {
      PoolOrder.Exchange exchange = order(PoolSpec.Used.STAY, 3, 0).exchange(2, 0, key);
      int place = 0;
      int[] who = new int[3]; // the old entry, and the rows behind it
      for (int i = 0; i < 3; i++) {
        who[i] = exchange.after().entries()[i] == 0 ? 0 : 1 + exchange.rows()[place++];
      }
      counts[9 * who[0] + 3 * who[1] + who[2]]++;
    }
    // 1000 each of six orders, with a standard deviation of 29.
    assertThat(Arrays.stream(counts).filter(count -> count > 0).boxed())
        .hasSize(6)
        .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
  }

  @Test
  void anOrder_cannotBeChangedFromOutside() {
    int[] entries = {1, 2};
    PoolOrder order = order(PoolSpec.Used.STAY, 3, entries);
    entries[0] = 9;
    order.entries()[1] = 9;
    assertThat(order.entries()).containsExactly(1, 2);
  }

  @Test
  void from_beforeIt_noneIsRead_andAllArePutIn() {
    PoolSpec spec = new PoolSpec(9, 1, PoolSpec.Used.REMOVED).with(3, 0, PoolSpec.Kl.ALL);
    PoolOrder order = PoolOrder.empty(spec).with(new int[] {4, 2, 7});
    PoolOrder.Exchange before = order.exchange(4, 2, 1);
    assertThat(before.read()).isEmpty();
    assertThat(before.rows()).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(before.after().entries()).hasSize(7).contains(4, 2, 7);
    assertThat(order.exchange(4, 3, 1).read()).containsExactly(4, 2);
  }

  /** A pool that is full takes a share of the fresh images, and all that went on from entries. */
  @Test
  void enter_isAShareOfTheFreshImages_onceThePoolIsFull() {
    PoolSpec spec = new PoolSpec(6, 1, PoolSpec.Used.REMOVED).entering(0.25);
    PoolOrder full = PoolOrder.empty(spec).with(new int[] {4, 2, 1, 0, 3, 5});
    PoolOrder.Exchange exchange = full.exchange(8, 0, 1);
    assertThat(exchange.read()).containsExactly(4, 2, 1, 0);
    // Image 0 of four fresh ones, and 4 to 7, which came from the pool: seven for six places.
    assertThat(exchange.rows()).hasSizeBetween(4, 5).doesNotContain(1, 2, 3);
    assertThat(exchange.after().entries()).hasSize(6).doesNotHaveDuplicates();

    PoolOrder roomForTwo = PoolOrder.empty(spec).with(new int[] {4, 2});
    assertThat(roomForTwo.exchange(2, 0, 1).rows()).containsExactlyInAnyOrder(0, 1);
    assertThat(PoolOrder.empty(spec).exchange(4, 0, 1).rows()).hasSize(4);
    assertThat(full.exchange(1, 0, 1).read()).isEmpty();
  }

  /** Of a pool whose entries have aged, the mean age is what {@link PoolSpec} says. */
  @ParameterizedTest
  @EnumSource(PoolSpec.Used.class)
  void enter_givesEntriesTheirAge(PoolSpec.Used used) {
    PoolSpec spec = new PoolSpec(64, 1, used).entering(0.25);
    PoolOrder order = PoolOrder.empty(spec);
    int[] age = new int[64];
    double sum = 0;
    for (int step = 0; step < 4000; step++) {
      PoolOrder.Exchange exchange = order.exchange(16, step, step);
      int fresh = 16 - exchange.read().length;
      int[] read = Arrays.stream(exchange.read()).map(slot -> age[slot]).toArray();
      for (int i = 0; i < exchange.rows().length; i++) {
        int row = exchange.rows()[i];
        age[exchange.slots()[i]] = row < fresh ? 0 : read[row - fresh] + 1;
      }
      order = exchange.after();
      sum +=
          step < 1000
              ? 0
              : Arrays.stream(order.entries()).map(slot -> age[slot]).average().orElseThrow();
    }
    assertThat(sum / 3000).isBetween(3.6, 4.4);
  }

  @Test
  void whatIsNotPutIn_leavesItsSlotFree() {
    PoolOrder.Exchange exchange = order(PoolSpec.Used.STAY, 5, 3, 1).exchange(4, 0, 9);
    int[] dropped = new int[4];
    dropped[exchange.rows()[1]] = 1;
    int[] kept = exchange.afterAllBut(dropped).entries();
    assertThat(exchange.dropped(dropped)).isEqualTo(1);
    assertThat(kept)
        .containsExactly(
            Arrays.stream(exchange.after().entries())
                .filter(slot -> slot != exchange.slots()[1])
                .toArray());
    assertThat(kept).hasSize(4);
    // One that had no place in the pool is none that was not put back.
    int[] others = {1, 1, 1, 1};
    assertThat(exchange.dropped(others)).isEqualTo(exchange.rows().length);
    assertThat(exchange.afterAllBut(new int[4]).entries()).isEqualTo(exchange.after().entries());
  }
}
