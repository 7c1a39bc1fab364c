package org.vnca.graph.training;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.vnca.graph.spec.PoolSpec;

/**
 * Which slots of the pool hold entries, and in which order: the index arithmetic of "take the first
 * half batch, append the new states, shuffle, keep the first P" (paper, A.3), so that no state is
 * moved for it. Immutable.
 */
public final class PoolOrder {
  private final PoolSpec spec;
  private final int[] entries;

  private PoolOrder(PoolSpec spec, int[] entries) {
    this.spec = spec;
    this.entries = entries;
  }

  /** A pool without entries. */
  public static PoolOrder empty(PoolSpec spec) {
    return new PoolOrder(spec, new int[0]);
  }

  /** A pool whose entries lie in the given slots, as {@link #entries()} told. */
  public PoolOrder with(int[] entries) {
    return new PoolOrder(spec, entries.clone());
  }

  /** The slots that hold entries, in the pool's order. */
  public int[] entries() {
    return entries.clone();
  }

  /**
   * What a batch does to the pool.
   *
   * @param batch images of the batch
   * @param key of the shuffle
   */
  public Turn turn(int batch, long key) {
    return turn(batch, shuffled(remaining(batch).length + batch, key));
  }

  /**
   * What a batch does to the pool.
   *
   * @param permutation of the entries that are left, then the batch's: the new i-th is the old one
   *     of this number
   */
  Turn turn(int batch, int[] permutation) {
    int[] remaining = remaining(batch);
    int kept = Math.min(spec.size(), permutation.length);
    BitSet free = new BitSet(spec.size());
    free.set(0, spec.size());
    for (int i = 0; i < kept; i++) {
      if (permutation[i] < remaining.length) {
        free.clear(remaining[permutation[i]]);
      }
    }
    int[] after = new int[kept];
    int[] rows = new int[kept];
    int[] slots = new int[kept];
    int written = 0;
    int slot = -1;
    for (int i = 0; i < kept; i++) {
      int entry = permutation[i];
      if (entry < remaining.length) {
        after[i] = remaining[entry];
      } else {
        slot = free.nextSetBit(slot + 1);
        after[i] = slot;
        rows[written] = entry - remaining.length;
        slots[written] = slot;
        written++;
      }
    }
    return new Turn(
        Arrays.copyOf(entries, used(batch)),
        Arrays.copyOf(rows, written),
        Arrays.copyOf(slots, written),
        new PoolOrder(spec, after));
  }

  /** How many entries the batch uses: half of it, once the pool holds more than that. */
  private int used(int batch) {
    int half = batch / 2;
    return entries.length > half ? half : 0;
  }

  private int[] remaining(int batch) {
    int first = spec.used() == PoolSpec.Used.REMOVED ? used(batch) : 0;
    return Arrays.copyOfRange(entries, first, entries.length);
  }

  /** Fisher and Yates' shuffle with the generator that {@link Random} specifies. */
  private static int[] shuffled(int count, long key) {
    Random random = new Random(key);
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /**
   * What a batch does to the pool: it reads first and writes afterwards.
   *
   * @param read slots whose entries take the place of the batch's last images; the first half of
   *     them is damaged
   * @param rows images of the batch that enter the pool
   * @param slots into which they go, as many
   * @param after the pool once that is done
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Turn(int[] read, int[] rows, int[] slots, PoolOrder after) {}
}
