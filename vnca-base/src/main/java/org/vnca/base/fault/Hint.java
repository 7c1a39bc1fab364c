package org.vnca.base.fault;

/** Commands that messages advise, as they are typed here. */
public final class Hint {
  /** Property by which the launcher says how it was called, quoted for a shell. */
  static final String CALLED = "vnca.called";

  /** Property by which an archive's launcher says that it is one. */
  private static final String PACKED = "vnca.packed";

  private Hint() {}

  /**
   * The program's name: as it was called, such as {@code bin/vnca} of an archive, so that what is
   * advised can be copied; without a launcher {@code ./vnca}.
   */
  public static String program() {
    return System.getProperty(CALLED, "./vnca");
  }

  /** Whether this is an unpacked archive, which nothing is built in. */
  public static boolean packed() {
    return Boolean.getBoolean(PACKED);
  }

  /**
   * A command.
   *
   * @param words as {@link String#formatted} takes them
   */
  public static String command(String words, Object... values) {
    return program() + " " + words.formatted(values);
  }
}
