package org.vnca.train.experiment;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * Where a value was given.
 *
 * @param layer 0 for the innermost file that others extend; overrides come last
 * @param line line in the file, counted from 1; for an override its place among the overrides
 * @param where how a message names it
 */
record Origin(int layer, int line, String where) implements Comparable<Origin> {
  private static final Comparator<Origin> ORDER =
      Comparator.comparingInt(Origin::layer).thenComparingInt(Origin::line);

  static Origin ofLine(int layer, Path file, int line) {
    return new Origin(layer, line, file + ":" + line);
  }

  static Origin ofOverride(int place, String override) {
    return new Origin(Integer.MAX_VALUE, place, "--set " + override);
  }

  ExperimentException fault(String fault) {
    return new ExperimentException(where, fault);
  }

  /** The order in which values take effect. */
  @Override
  public int compareTo(Origin other) {
    return ORDER.compare(this, other);
  }
}
