package org.vnca.train.run;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on runs, such as {@code train.batch=32}, {@code state!=finished}, {@code best>-95} or
 * {@code name=mnist-*}.
 *
 * @param column as in {@link RunSummary#value}
 * @param relation {@code =}, {@code !=}, {@code <}, {@code >}, {@code <=} or {@code >=}
 * @param wanted what the value is held against: a number if both are, else text, in which {@code *}
 *     stands for any letters; for {@code <} and {@code >} a number
 */
public record RunFilter(String column, String relation, String wanted)
    implements Predicate<RunSummary> {
  private static final Pattern CONDITION = Pattern.compile("([^=<>!]+)(!=|<=|>=|=|<|>)(.+)");

  public RunFilter {
    if (relation.contains("<") || relation.contains(">")) {
      if (number(wanted).isEmpty()) {
        throw new RunException(
            "%s%s needs a number behind it, but has '%s'".formatted(column, relation, wanted));
      }
    }
  }

  /**
   * Reads a condition.
   *
   * @throws RunException if it is none
   */
  public static RunFilter of(String text) {
    Matcher parts = CONDITION.matcher(text);
    if (!parts.matches()) {
      throw new RunException(
          "'%s' is no condition; write KEY=VALUE, KEY!=VALUE, KEY<NUMBER or KEY>NUMBER, such as train.batch=32"
              .formatted(text));
    }
    return new RunFilter(parts.group(1).strip(), parts.group(2), parts.group(3).strip());
  }

  /** Whether a run fits; one without a value fits only {@code !=}. */
  @Override
  public boolean test(RunSummary run) {
    Optional<Object> value = run.value(column);
    if (value.isEmpty()) {
      return relation.equals("!=");
    }
    Optional<Double> mine = number(value.get().toString());
    Optional<Double> theirs = number(wanted);
    if (mine.isEmpty() || theirs.isEmpty()) {
      return switch (relation) {
        case "=" -> like(value.get().toString());
        case "!=" -> !like(value.get().toString());
        default -> false;
      };
    }
    int order = Double.compare(mine.get(), theirs.get());
    return switch (relation) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case ">" -> order > 0;
      case "<=" -> order <= 0;
      default -> order >= 0;
    };
  }

  private boolean like(String text) {
    StringBuilder pattern = new StringBuilder();
    for (String part : wanted.split("\\*", -1)) {
      pattern.append(pattern.length() == 0 ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
