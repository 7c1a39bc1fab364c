package org.vnca.data;

/**
 * Keyed pseudo-random numbers from integer arithmetic alone, so that they are the same on every
 * machine and Java version.
 */
final class KeyedMix {
  /** 2^64 divided by the golden ratio, odd: the step between keys in SplitMix64. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private KeyedMix() {}

  /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64-bit words. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A key derived from another one: draw number {@code index} of the generator {@code key}. */
  static long derive(long key, long index) {
    return mix(mix(key + STEP) + (index + 1) * STEP);
  }

  /** A number in [0, 1), a multiple of 2^-53: draw number {@code index} of {@code key}. */
  static double uniform(long key, long index) {
    return (derive(key, index) >>> 11) * 0x1.0p-53;
  }
}
