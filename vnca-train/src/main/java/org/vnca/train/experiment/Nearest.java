package org.vnca.train.experiment;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word was probably meant to be. */
public final class Nearest {
  private Nearest() {}

  /** The candidate closest to {@code word}, if any is close: a third of its letters may differ. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String plain = plain(word);
    return candidates.stream()
        .filter(candidate -> distance(plain, plain(candidate)) <= Math.max(1, plain.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))));
  }

  /** The same for clipNorm, clip_norm and clip-norm. */
  private static String plain(String word) {
    return word.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
  }

  /** Letters to insert, drop, change or swap (Damerau and Levenshtein). */
  private static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int step(int[][] cost, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int least =
        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
