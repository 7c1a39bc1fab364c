package org.vnca.cli.frame;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Text for people: wrapped lines, tables, numbers. */
public final class Text {
  private static final int GAP = 2;
  private static final List<String> BYTE_UNITS = List.of("bytes", "kB", "MB", "GB", "TB");

  private Text() {}

  /**
   * Breaks a text at blanks into lines.
   *
   * @param width of a line, the indent included; a longer word is not broken; 0 for one line
   * @param indent blanks before each line
   */
  public static String wrap(String text, int width, int indent) {
    String blanks = " ".repeat(indent);
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && width > 0 && indent + line.length() + 1 + word.length() > width) {
        lines.append(blanks).append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    return lines.append(blanks).append(line).toString();
  }

  /**
   * Names and what they mean, the latter beside the former, wrapped.
   *
   * @param width of a line
   */
  public static String definitions(Map<String, String> meanings, int width) {
    int column = GAP + widest(meanings.keySet().stream().toList()) + GAP;
    return meanings.entrySet().stream()
        .map(
            entry -> {
              String meaning = wrap(entry.getValue(), width, column);
              return " ".repeat(GAP)
                  + pad(entry.getKey(), column - GAP)
                  + meaning.substring(column);
            })
        .collect(Collectors.joining("\n"));
  }

  /**
   * Rows under each other, columns to the left.
   *
   * @param rows of one length, the headings first
   */
  public static String table(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[column] = widest(rows.stream().map(row -> row.get(at)).toList());
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      line.append(pad(row.get(column), widths[column] + GAP));
    }
    return line.toString().stripTrailing();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static int widest(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  /** A number of two digits behind the point. */
  public static String nats(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** A whole number with commas. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A length of a file, in the unit that fits. */
  public static String bytes(long bytes) {
    int unit = 0;
    double amount = bytes;
    while (amount >= 1000 && unit < BYTE_UNITS.size() - 1) {
      amount /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, BYTE_UNITS.get(unit));
  }

  /** A time, in the unit that fits. */
  public static String seconds(double seconds) {
    if (seconds < 100) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d min %d s".formatted(whole / 60, whole % 60)
        : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
