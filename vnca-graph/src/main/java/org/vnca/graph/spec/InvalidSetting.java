package org.vnca.graph.spec;

/**
 * A setting that breaks its rule. The message gives the rule, then what was found; {@link
 * #setting()} is the record component at fault, so that a reader of descriptors can point at its
 * line.
 */
public final class InvalidSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String setting;

  /**
   * @param setting the record component's name, in camelCase
   * @param rule what must hold, starting with a verb, such as "must be at least 1"
   * @param found the value that was given
   */
  public InvalidSetting(String setting, String rule, Object found) {
    super(kebab(setting) + " " + rule + ", but is " + found);
    this.setting = setting;
  }

  /** The record component at fault, in camelCase. */
  public String setting() {
    return setting;
  }

  /** The name of a record component as a descriptor writes it: {@code clipNorm}, clip-norm. */
  public static String kebab(String component) {
    return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
  }

  /** Refuses a whole number below {@code least}. */
  public static void requireAtLeast(String setting, long value, long least) {
    if (value < least) {
      throw new InvalidSetting(setting, "must be at least " + least, value);
    }
  }

  /** Refuses a number that is not finite and above zero. */
  public static void requirePositive(String setting, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidSetting(setting, "must be a finite number above 0", value);
    }
  }

  /** Refuses what a descriptor left empty although it has no default. */
  public static void requirePresent(String setting, Object value) {
    if (value == null) {
      throw new InvalidSetting(setting, "must have a value", "empty");
    }
  }
}
