package org.vnca.eval.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The values that an axis shows, and its ticks: multiples of 1, 2 or 5 times a power of ten, or
 * powers of ten where it is logarithmic.
 *
 * @param from where it begins: a value, or the exponent of ten of one if it is logarithmic
 * @param to where it ends, likewise, above {@code from}
 * @param step between two ticks, likewise
 * @param logarithmic whether equal ratios are equally far apart
 */
public record Axis(double from, double to, double step, boolean logarithmic) {
  /** Ticks that are wished for, if nothing else is said; there may be a few less or more. */
  private static final int WANTED = 6;

  /** Larger values are beyond what a difference of two can hold. */
  private static final double LARGEST = 1e300;

  /** From here on a number is written with its power of ten. */
  private static final double MANY = 1e7;

  private static final double THOUSANDS = 10_000;

  /** Powers of ten that are written out on a logarithmic axis. */
  private static final int WRITTEN_OUT = 4;

  public Axis {
    if (!(to > from) || !(step > 0)) {
      throw new IllegalArgumentException(
          "an axis needs from < to and a step above 0, but has " + from + ", " + to + ", " + step);
    }
  }

  /** Around values and no further than the ticks that enclose them, also if all are the same. */
  public static Axis enclosing(double least, double greatest) {
    double low = held(least);
    double high = held(greatest);
    double span = high > low ? high - low : Math.max(1e-6, Math.abs(high));
    double step = step(span, WANTED);
    return new Axis(
        Math.floor(low / step) * step, Math.ceil((low + span) / step) * step, step, false);
  }

  /** From the one value to the other, unless they are the same. */
  public static Axis between(double least, double greatest) {
    return greatest > least
        ? new Axis(held(least), held(greatest), step(held(greatest) - held(least), WANTED), false)
        : enclosing(least, greatest);
  }

  /** Around values with a little room, also where they are all the same. */
  public static Axis around(double least, double greatest) {
    double margin = greatest > least ? 0.04 * (greatest - least) : Math.max(1, Math.abs(least)) / 2;
    return between(least - margin, greatest + margin);
  }

  /** As long as a span around a middle. */
  public static Axis centred(double middle, double span) {
    return between(middle - span / 2, middle + span / 2);
  }

  /**
   * A logarithmic one, from the power of ten below the least to that above the greatest.
   *
   * @param least above 0
   */
  public static Axis logarithmic(double least, double greatest) {
    double from = Math.floor(Math.log10(least) + 1e-9);
    double to = Math.max(from + 1, Math.ceil(Math.log10(greatest) - 1e-9));
    return new Axis(from, to, Math.max(1, Math.ceil((to - from) / WANTED)), true);
  }

  private static double held(double value) {
    return Math.max(-LARGEST, Math.min(value, LARGEST));
  }

  private static double step(double span, int wanted) {
    double power = Math.pow(10, Math.floor(Math.log10(span / wanted)));
    double step = 10 * power;
    for (double factor : new double[] {5, 2, 1}) {
      step = span / wanted <= factor * power * (1 + 1e-9) ? factor * power : step;
    }
    return step;
  }

  /** The same axis with fewer ticks: so many, or a few less or more. */
  public Axis ticked(int wanted) {
    double wider =
        logarithmic
            ? Math.ceil((to - from) / Math.max(1, wanted))
            : step(to - from, Math.max(1, wanted));
    return new Axis(from, to, Math.max(step, wider), logarithmic);
  }

  /** The same axis whose ticks are whole numbers. */
  public Axis whole() {
    return new Axis(from, to, Math.max(1, step), logarithmic);
  }

  /** Where a value lies: 0 at the beginning, 1 at the end; not a number where it cannot. */
  public double share(double value) {
    double place = logarithmic ? (value > 0 ? Math.log10(value) : Double.NaN) : value;
    return (place - from) / (to - from);
  }

  /** Whether a value lies on it. */
  public boolean holds(double value) {
    double share = share(value);
    return share >= -1e-9 && share <= 1 + 1e-9;
  }

  /** The values that are written beside it. */
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    double first = Math.ceil(from / step - 1e-6);
    long more = Math.round(Math.floor(to / step + 1e-6) - first);
    for (long i = 0; i <= more; i++) {
      double place = (first + i) * step;
      ticks.add(logarithmic ? Math.pow(10, place) : place);
    }
    return ticks;
  }

  /**
   * A tick's value in words: as many digits behind the point as the step asks for, many thousands
   * as k, many millions as a power.
   */
  public String label(double tick) {
    return (logarithmic ? power(tick) : plain(tick)).replace('-', '\u2212');
  }

  private static String power(double tick) {
    int exponent = (int) Math.rint(Math.log10(tick));
    return Math.abs(exponent) > WRITTEN_OUT
        ? "1e" + exponent
        : exponent < 0
            ? BigDecimal.ONE.movePointLeft(-exponent).toPlainString()
            : String.format(Locale.ROOT, "%,.0f", Math.pow(10, exponent));
  }

  private String plain(double tick) {
    double largest = Math.max(Math.abs(from), Math.abs(to));
    if (largest >= MANY || step < 1 / MANY) {
      return Math.abs(tick) < step / 2
          ? "0"
          : String.format(Locale.ROOT, "%.1e", tick).replaceFirst("e([+]|(-))0*", "e$2");
    }
    boolean thousands = largest >= THOUSANDS && step >= THOUSANDS / 10;
    double unit = thousands ? 1000 : 1;
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
    BigDecimal number = BigDecimal.valueOf(tick / unit).setScale(digits, RoundingMode.HALF_EVEN);
    String text = String.format(Locale.ROOT, "%,." + digits + "f", number);
    return thousands && number.signum() != 0 ? text + "k" : text;
  }
}
