package org.vnca.base.hash;

/**
 * The generator of Steele, Lea and Flood (2014), by its parts: integer arithmetic alone, so that
 * draws are the same on every machine and Java version.
 */
public final class SplitMix64 {
  /** 2^64 divided by the golden ratio, odd: the step from one state to the next. */
  public static final long STEP = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** The output of a state: a bijection of 64-bit words, which maps 0 to 0. */
  public static long finalized(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The generator's first output if it is started with {@code seed}. */
  public static long first(long seed) {
    return finalized(seed + STEP);
  }
}
