package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.PoolSpec;

class PoolOrdersTest {
  private static final long SEED = 3;

  private static PoolSpec spec(int size) {
    return new PoolSpec(size, 2, PoolSpec.Used.REMOVED);
  }

  /** Checkpoints depend on it: the whole pool, undivided, with the step as the sub-stream. */
  @Test
  void onePart_isThePool() {
    PoolOrders orders = PoolOrders.empty(spec(12), 1).with(new int[] {5, 3, 1, 0, 2});
    assertThat(orders.entries()).containsExactly(5, 3, 1, 0, 2);
    List<PoolOrder.Exchange> exchanges = orders.exchanges(8, SEED, 17);
    PoolOrder.Exchange exchange =
        PoolOrder.empty(spec(12))
            .with(new int[] {5, 3, 1, 0, 2})
            .exchange(8, 17, Stream.POOL_ORDER.key(SEED, "17"));
    assertThat(exchanges).hasSize(1);
    assertThat(exchanges.get(0).read()).isEqualTo(exchange.read());
    assertThat(exchanges.get(0).rows()).isEqualTo(exchange.rows());
    assertThat(exchanges.get(0).slots()).isEqualTo(exchange.slots());
    assertThat(orders.after(exchanges.stream().map(PoolOrder.Exchange::after).toList()).entries())
        .isEqualTo(exchange.after().entries());
  }

  @Test
  void parts_haveSlotsOfTheirOwn_inTheOrderTheyHadInTheWhole() {
    PoolOrders orders = PoolOrders.empty(spec(12), 3);
    assertThat(orders.entries()).isEmpty();
    // Slots 0 to 3, 4 to 7 and 8 to 11.
    PoolOrders filled = orders.with(new int[] {9, 3, 4, 8, 0, 7, 11});
    assertThat(filled.entries()).containsExactly(3, 0, 4, 7, 9, 8, 11);
    assertThat(filled.with(filled.entries()).entries()).isEqualTo(filled.entries());
    // The same entries in two halves, slots 0 to 5 and 6 to 11.
    assertThat(PoolOrders.empty(spec(12), 2).with(new int[] {9, 3, 4, 8, 0, 7, 11}).entries())
        .containsExactly(3, 4, 0, 9, 8, 7, 11);
  }

  /** Each part uses its share of the batch, and draws an order of its own. */
  @Test
  void exchanges_areThoseOfEachPart() {
    int[] entries = {9, 3, 4, 8, 0, 7, 11};
    PoolOrders orders = PoolOrders.empty(spec(12), 3).with(entries);
    List<PoolOrder.Exchange> exchanges = orders.exchanges(6, SEED, 17);
    assertThat(exchanges).hasSize(3);
    int[][] own = {{3, 0}, {0, 3}, {1, 0, 3}};
    String[] names = {"17", "17/1", "17/2"};
    for (int part = 0; part < 3; part++) {
      PoolOrder.Exchange exchange =
          PoolOrder.empty(spec(4))
              .with(own[part])
              .exchange(2, 0, Stream.POOL_ORDER.key(SEED, names[part]));
      assertThat(exchanges.get(part).read()).isEqualTo(exchange.read()).hasSize(1);
      assertThat(exchanges.get(part).rows()).isEqualTo(exchange.rows());
      assertThat(exchanges.get(part).slots()).isEqualTo(exchange.slots());
      assertThat(exchanges.get(part).after().entries()).isEqualTo(exchange.after().entries());
    }
    PoolOrders after = orders.after(exchanges.stream().map(PoolOrder.Exchange::after).toList());
    int[] first = exchanges.get(0).after().entries();
    assertThat(after.entries()).startsWith(first).hasSizeGreaterThan(first.length);
    assertThat(after.entries()[first.length] / 4).isEqualTo(1);
  }

  @Test
  void aPoolThatCannotBeDivided_isRefused() {
    assertThatExceptionOfType(InvalidSetting.class)
        .isThrownBy(() -> PoolOrders.empty(spec(12), 5))
        .withMessageContaining("pool.size")
        .withMessageContaining("5");
  }
}
