package org.vnca.data.keyed;

import java.util.Arrays;
import java.util.Objects;
import org.vnca.base.hash.SplitMix64;

/**
 * A pseudo-random bijection of 0..size-1 that a key chooses. It needs no table: a Feistel network
 * permutes the smallest fitting power of four, and a value that falls outside is permuted again
 * until it falls inside (cycle walking; Black and Rogaway 2002). The same on every machine and Java
 * version. Immutable and thread-safe.
 */
public final class KeyedPermutation {
  private static final int ROUNDS = 6;

  /** A network of fewer bits reaches too few of the permutations of a small set. */
  private static final int LEAST_HALF_BITS = 4;

  private final int size;
  private final int halfBits;
  private final long halfMask;
  private final long[] roundKeys;

  private KeyedPermutation(long key, int size) {
    this.size = size;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(LEAST_HALF_BITS, (bits + 1) / 2);
    this.halfMask = (1L << halfBits) - 1;
    this.roundKeys = new long[ROUNDS];
    Arrays.setAll(roundKeys, round -> KeyedMix.derive(key, round));
  }

  /**
   * The permutation of 0..size-1 that the key chooses.
   *
   * @throws IllegalArgumentException if {@code size} is below 1
   */
  public static KeyedPermutation of(long key, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1, but is " + size);
    }
    return new KeyedPermutation(key, size);
  }

  /** How many values are permuted. */
  public int size() {
    return size;
  }

  /**
   * The value at a position.
   *
   * @throws IndexOutOfBoundsException if {@code position} is not in 0..size-1
   */
  public int at(int position) {
    long value = Objects.checkIndex(position, size);
    do {
      value = feistel(value);
    } while (value >= size);
    return (int) value;
  }

  /**
   * The values at the first {@code count} positions, in ascending order: a random subset without
   * repetition.
   *
   * @throws IllegalArgumentException if {@code count} is not in 0..size
   */
  public int[] subset(int count) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(
          "a subset of " + size + " needs 0 <= count <= " + size + ", but count is " + count);
    }
    int[] values = new int[count];
    Arrays.setAll(values, this::at);
    Arrays.sort(values);
    return values;
  }

  private long feistel(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (long key : roundKeys) {
      long next = left ^ (SplitMix64.finalized(key ^ right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
