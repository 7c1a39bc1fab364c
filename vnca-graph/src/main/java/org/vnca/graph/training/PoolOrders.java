package org.vnca.graph.training;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.PoolSpec;

/**
 * The order of a pool that is divided among devices: each part has slots of its own, whose entries
 * are used by that device alone. One part is the whole pool. Immutable.
 */
public final class PoolOrders {
  private final int slots;
  private final List<PoolOrder> parts;

  private PoolOrders(int slots, List<PoolOrder> parts) {
    this.slots = slots;
    this.parts = List.copyOf(parts);
  }

  /**
   * A pool without entries.
   *
   * @param spec of the whole pool
   * @param parts how many, of which the pool's size must be a multiple
   * @throws InvalidSetting if it is not
   */
  public static PoolOrders empty(PoolSpec spec, int parts) {
    InvalidSetting.requireDivisible("pool.size", spec.size(), parts);
    int slots = spec.size() / parts;
    PoolOrder part = PoolOrder.empty(spec.sized(slots));
    return new PoolOrders(slots, Collections.nCopies(parts, part));
  }

  /** A pool whose entries lie in the given slots, as {@link #entries()} told for any division. */
  public PoolOrders with(int[] entries) {
    return new PoolOrders(
        slots,
        IntStream.range(0, parts.size())
            .mapToObj(
                i ->
                    parts
                        .get(i)
                        .with(
                            Arrays.stream(entries)
                                .filter(slot -> slot / slots == i)
                                .map(slot -> slot - i * slots)
                                .toArray()))
            .toList());
  }

  /** The slots of the whole pool that hold entries, part by part, in each part's order. */
  public int[] entries() {
    return IntStream.range(0, parts.size())
        .flatMap(i -> Arrays.stream(parts.get(i).entries()).map(shifted(i * slots)))
        .toArray();
  }

  private static IntUnaryOperator shifted(int by) {
    return slot -> slot + by;
  }

  /**
   * What a training step does to each part.
   *
   * @param batch images of the whole batch
   * @param seed the experiment's
   * @param step the training step's number
   */
  public List<PoolOrder.Exchange> exchanges(int batch, long seed, long step) {
    return IntStream.range(0, parts.size())
        .mapToObj(
            i -> {
              String name = i == 0 ? Long.toString(step) : step + "/" + i;
              long key = Stream.POOL_ORDER.key(seed, name);
              return parts.get(i).exchange(batch / parts.size(), step, key);
            })
        .toList();
  }

  /** The pool once some orders have taken the places of those that its parts had. */
  public PoolOrders after(List<PoolOrder> orders) {
    return new PoolOrders(slots, orders);
  }
}
