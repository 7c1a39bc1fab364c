package org.vnca.cli.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.vnca.base.fault.Hint;

/**
 * How a command is called.
 *
 * @param name one word, or several for a command of a group, such as {@code data import mnist}
 * @param operands names of the words that follow, such as {@code RUN}; one in brackets may be left
 *     out, the last may have dots behind it and then stands there as often as one likes
 * @param summary what it does, in a few words
 * @param about what else there is to know, a paragraph each
 * @param flags its own options, in the order of the help
 * @param examples command lines without the program's name
 */
public record Usage(
    String name,
    List<String> operands,
    String summary,
    List<String> about,
    List<Flag> flags,
    List<String> examples) {
  /** A blank that {@link Text#wrap} leaves alone. */
  public static final char UNBROKEN = '\u00a0';

  public Usage {
    operands = List.copyOf(operands);
    about = List.copyOf(about);
    flags = List.copyOf(flags);
    examples = List.copyOf(examples);
  }

  /** The command line in short; blanks that must not be broken are U+00A0. */
  public String synopsis() {
    List<String> parts = new ArrayList<>(List.of(Hint.program(), name));
    parts.addAll(operands);
    flags.stream().map(flag -> flag.inUsage().replace(' ', UNBROKEN)).forEach(parts::add);
    return String.join(" ", parts);
  }

  /** Its own options and those of every command. */
  public List<Flag> allFlags() {
    return Stream.concat(flags.stream(), Flag.COMMON.stream()).toList();
  }

  /**
   * Checks that all is there that must be, and no more.
   *
   * @throws UsageException if not
   */
  public void check(Words words) {
    for (String override : words.texts(Flag.SET)) {
      if (override.indexOf('=') < 1) {
        throw words.fault(
            "--set needs KEY=VALUE, such as train.batch=32, but is '%s'".formatted(override));
      }
    }
    List<String> given = words.operands();
    if (given.size() < operands.size() && !operands.get(given.size()).startsWith("[")) {
      throw words.fault(name + " needs " + operands.get(given.size()).replace("...", ""));
    }
    boolean any = !operands.isEmpty() && operands.get(operands.size() - 1).endsWith("...");
    if (given.size() > operands.size() && !any) {
      String takes = operands.isEmpty() ? "no such word" : "only " + String.join(" ", operands);
      throw words.fault(
          "%s takes %s; '%s' is too much".formatted(name, takes, given.get(operands.size())));
    }
    for (Flag flag : flags) {
      if (flag.times() == Flag.Times.REQUIRED && !words.has(flag.name())) {
        throw words.fault(name + " needs " + flag.written());
      }
    }
  }
}
