package org.vnca.eval.playground;

/** Numbers of 16 bits: IEEE 754 binary16. */
final class Float16 {
  /** The largest exponent of two that a finite number has. */
  static final int LARGEST_EXPONENT = 15;

  private static final int SMALLEST_EXPONENT = -14;
  private static final int FRACTION = 10;
  private static final int INFINITY = 0x7c00;
  private static final int NOT_A_NUMBER = 0x7e00;

  private Float16() {}

  /** The nearest number, of two equally near ones the even; beyond the largest is infinity. */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float size = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) NOT_A_NUMBER;
    }
    if (Float.isInfinite(value)) {
      return (short) (sign | INFINITY);
    }
    // Below the smallest exponent all have the same distance, which counts from zero by itself; a
    // fraction that is rounded up to the next power of two carries into the exponent.
    int exponent = Math.max(Math.getExponent(size), SMALLEST_EXPONENT);
    long steps = (long) Math.rint(Math.scalb((double) size, FRACTION - exponent));
    long bits = ((long) (exponent - SMALLEST_EXPONENT) << FRACTION) + steps;
    return (short) (sign | (int) Math.min(bits, INFINITY));
  }
}
