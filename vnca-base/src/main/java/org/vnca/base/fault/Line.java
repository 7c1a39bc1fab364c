package org.vnca.base.fault;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line for a person, whatever is put into it: what files, libraries and command lines say may
 * be of any length and hold anything, which would fill a screen or be obeyed by a terminal.
 */
public final class Line {
  /** Characters of a word at most; a path that people type is shorter. */
  public static final int LONGEST_WORD = 400;

  /** Characters of a line at most. */
  public static final int LONGEST = 2_000;

  private static final String GAP = "[...]";
  private static final Pattern LONG_WORD = Pattern.compile("\\S{" + (LONGEST_WORD + 1) + ",}");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\x{2028}\\x{2029}]+");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9F}]");

  private Line() {}

  /**
   * A text as one line: blanks and line ends as one blank each, control characters as question
   * marks, the middle of words and of the whole left out where they are beyond the bounds.
   */
  public static String of(String text) {
    String line = CONTROL.matcher(BLANKS.matcher(text).replaceAll(" ")).replaceAll("?").strip();
    String words =
        LONG_WORD
            .matcher(line)
            .replaceAll(word -> Matcher.quoteReplacement(shortened(word.group(), LONGEST_WORD)));
    return shortened(words, LONGEST);
  }

  /**
   * A text without its middle, if it is too long: the first two thirds and the last third of what
   * may be shown, {@code [...]} between them.
   *
   * @param most characters of the result at most, 20 or more
   */
  public static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int shown = most - GAP.length();
    int first = shown * 2 / 3;
    int last = text.length() - (shown - first);
    if (Character.isHighSurrogate(text.charAt(first - 1))) {
      first--;
    }
    if (Character.isLowSurrogate(text.charAt(last))) {
      last++;
    }
    return text.substring(0, first) + GAP + text.substring(last);
  }
}
