package org.vnca.graph.spec;

import java.util.List;
import java.util.Locale;
import org.vnca.base.fault.ForPeople;

/**
 * A setting that breaks its rule. The message gives the rule, then what was found; {@link
 * #setting()} is the record component at fault, so that a reader of descriptors can point at its
 * line. A rule that ties several components together names the others as {@link #involved()}.
 */
public final class InvalidSetting extends IllegalArgumentException implements ForPeople {
  private static final long serialVersionUID = 1L;

  private final String setting;
  private final List<String> involved;

  /**
   * @param setting the record component's name, in camelCase; a component of a nested record after
   *     a dot, such as {@code data.padTo}
   * @param rule what must hold, starting with a verb, such as "must be at least 1"
   * @param found the value that was given
   */
  public InvalidSetting(String setting, String rule, Object found) {
    this(setting, rule, found, List.of());
  }

  /**
   * @param setting the component that the message is about
   * @param rule what must hold, starting with a verb
   * @param found the value that was given
   * @param involved the other components that the rule speaks of, written like {@code setting}
   */
  public InvalidSetting(String setting, String rule, Object found, List<String> involved) {
    super(kebab(setting) + " " + rule + ", but is " + found);
    this.setting = setting;
    this.involved = List.copyOf(involved);
  }

  /** The record component at fault, in camelCase. */
  public String setting() {
    return setting;
  }

  /** The other components that the rule speaks of: changing one of them could mend it as well. */
  public List<String> involved() {
    return involved;
  }

  /** The name of a record component as a descriptor writes it: {@code clipNorm}, clip-norm. */
  public static String kebab(String component) {
    return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** Refuses a whole number below {@code least}. */
  public static void requireAtLeast(String setting, long value, long least) {
    if (value < least) {
      throw new InvalidSetting(setting, "must be at least " + least, value);
    }
  }

  /**
   * Refuses a number that some devices cannot share equally.
   *
   * @param involved as in the constructor
   */
  public static void requireDivisible(String setting, long value, int devices, String... involved) {
    if (value % devices != 0) {
      throw new InvalidSetting(
          setting,
          "must be a multiple of " + devices + ", the number of devices",
          value,
          List.of(involved));
    }
  }

  /** Refuses a number that is not finite and above zero. */
  public static void requirePositive(String setting, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidSetting(setting, "must be a finite number above 0", value);
    }
  }

  /** Refuses a number that is not finite or is below zero. */
  public static void requireNotNegative(String setting, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new InvalidSetting(setting, "must be a finite number of at least 0", value);
    }
  }

  /** Refuses what a descriptor left empty although it has no default. */
  public static void requirePresent(String setting, Object value) {
    if (value == null) {
      throw new InvalidSetting(setting, "must have a value", "empty");
    }
  }
}
