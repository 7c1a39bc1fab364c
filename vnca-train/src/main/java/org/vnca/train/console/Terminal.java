package org.vnca.train.console;

/** Whether a person watches. */
public final class Terminal {
  /** {@code true} or {@code false}: what the launcher found for standard error. */
  public static final String PROPERTY = "vnca.terminal";

  private Terminal() {}

  /**
   * Whether standard error is a terminal, as the launcher says by the property {@value #PROPERTY}.
   *
   * <p>Java itself cannot tell: {@code System.console()} is about standard input and output, and
   * from Java 22 on it is there even without a terminal. So without the property, as in an IDE, the
   * answer is no, which costs a bar but never fills a log with one.
   *
   * @throws IllegalArgumentException if the property is neither true nor false
   */
  public static boolean onStandardError() {
    String told = System.getProperty(PROPERTY, "false");
    return switch (told) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "the property " + PROPERTY + " must be true or false, but is \"" + told + "\"");
    };
  }
}
