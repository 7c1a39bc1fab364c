package org.vnca.eval.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The values that an axis shows.
 *
 * @param from the least
 * @param to the greatest, above {@code from}
 */
record Axis(double from, double to) {
  private static final int WANTED = 5;

  /** An axis around values, also where they are all the same. */
  static Axis around(double least, double greatest) {
    double margin = greatest > least ? 0.04 * (greatest - least) : Math.max(1, Math.abs(least)) / 2;
    return new Axis(least - margin, greatest + margin);
  }

  /** Where a value lies: 0 for {@code from}, 1 for {@code to}. */
  double share(double value) {
    return (value - from) / (to - from);
  }

  /** Round values to write beside it: multiples of 1, 2 or 5 times a power of ten. */
  List<Double> ticks() {
    double rough = (to - from) / WANTED;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    double step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    List<Double> ticks = new ArrayList<>();
    for (double k = Math.ceil(from / step); k * step <= to; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  /**
   * A tick's value, short: at most six digits behind the point, many thousands as k, many millions
   * as a power.
   */
  static String label(double value) {
    if (Math.abs(value) >= 1e7) {
      return String.format(Locale.ROOT, "%.1e", value).replaceFirst("e[+]0*", "e");
    }
    boolean thousands = Math.abs(value) >= 10_000;
    BigDecimal number =
        BigDecimal.valueOf(thousands ? value / 1000 : value)
            .setScale(6, RoundingMode.HALF_EVEN)
            .stripTrailingZeros();
    return (number.signum() == 0 ? "0" : number.toPlainString()) + (thousands ? "k" : "");
  }
}
