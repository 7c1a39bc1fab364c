package org.vnca.data.imports;

import org.vnca.base.fault.ForPeople;

/** An option of an import that breaks its rule. The message gives the rule, then what was found. */
public final class InvalidOption extends IllegalArgumentException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /**
   * @param option as it is written behind two dashes, such as {@code hold-out}
   * @param rule what must hold, starting with a verb, such as "must be at least 0"
   * @param found the value that was given
   */
  public InvalidOption(String option, String rule, Object found) {
    super("--%s %s, but is %s".formatted(option, rule, found));
  }

  /** Refuses what is no share of 1. */
  static void requireShare(String option, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidOption(option, "must be a number from 0 to 1", share);
    }
  }
}
