package org.vnca.data.keyed;

import org.vnca.base.hash.SplitMix64;

/**
 * Keyed pseudo-random numbers from integer arithmetic alone, so that they are the same on every
 * machine and Java version.
 */
public final class KeyedMix {
  private KeyedMix() {}

  /** A key derived from another one: draw number {@code index} of the generator {@code key}. */
  public static long derive(long key, long index) {
    return SplitMix64.finalized(SplitMix64.first(key) + (index + 1) * SplitMix64.STEP);
  }

  /** A whole number from 0 to {@code bound} - 1: draw number {@code index} of {@code key}. */
  public static int below(long key, long index, int bound) {
    return (int) (uniform(key, index) * bound);
  }

  /** A number in [0, 1), a multiple of 2^-53: draw number {@code index} of {@code key}. */
  static double uniform(long key, long index) {
    return (derive(key, index) >>> 11) * 0x1.0p-53;
  }
}
