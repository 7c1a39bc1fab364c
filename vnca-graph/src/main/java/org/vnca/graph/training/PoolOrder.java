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
   * @param step the training step's number
   * @param key of the shuffle
   */
  public Exchange exchange(int batch, long step, long key) {
    int used = step < spec.from() ? 0 : used(batch);
    int[] entering = entering(batch, used);
    return exchange(entering, used, shuffled(remaining(used).length + entering.length, key));
  }

  /**
   * What a batch does to the pool.
   *
   * @param permutation of the entries that are left, then the batch's images that enter: the new
   *     i-th is the old one of this number
   */
  Exchange exchange(int batch, int[] permutation) {
    int used = used(batch);
    return exchange(entering(batch, used), used, permutation);
  }

  private Exchange exchange(int[] entering, int used, int[] permutation) {
    int[] remaining = remaining(used);
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
        rows[written] = entering[entry - remaining.length];
        slots[written] = slot;
        written++;
      }
    }
    return new Exchange(
        Arrays.copyOf(entries, used),
        Arrays.copyOf(rows, written),
        Arrays.copyOf(slots, written),
        new PoolOrder(spec, after));
  }

  /** How many entries the batch uses: half of it, once the pool holds more than that. */
  private int used(int batch) {
    int half = batch / 2;
    return entries.length > half ? half : 0;
  }

  /**
   * Which images of a batch enter: all that went on from entries, and of the fresh ones before them
   * a share, or as many as a pool that is not full has places for.
   */
  private int[] entering(int batch, int used) {
    int fresh = batch - used;
    int share = Math.max(1, (int) Math.round(spec.enter() * fresh));
    int places = spec.size() - remaining(used).length - used;
    int first = Math.min(fresh, Math.max(share, places));
    return IntStream.concat(IntStream.range(0, first), IntStream.range(fresh, batch)).toArray();
  }

  private int[] remaining(int used) {
    int first = spec.used() == PoolSpec.Used.REMOVED ? used : 0;
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
  public record Exchange(int[] read, int[] rows, int[] slots, PoolOrder after) {

    /** Which of the slots stay as they were, if some of the batch's images are not put in. */
    private BitSet untouched(int[] dropped) {
      BitSet untouched = new BitSet();
      for (int i = 0; i < rows.length; i++) {
        if (dropped[rows[i]] != 0) {
          untouched.set(slots[i]);
        }
      }
      return untouched;
    }

    /**
     * The pool once it is done, if some of the batch's images were not put in: their slots are
     * free.
     *
     * @param dropped for each image of the batch, not 0 if it was not
     */
    public PoolOrder afterAllBut(int[] dropped) {
      BitSet untouched = untouched(dropped);
      return after.with(
          Arrays.stream(after.entries).filter(slot -> !untouched.get(slot)).toArray());
    }

    /** How many of the batch's images were not put in; as {@link #afterAllBut}. */
    public int dropped(int[] dropped) {
      return untouched(dropped).cardinality();
    }
  }
}
