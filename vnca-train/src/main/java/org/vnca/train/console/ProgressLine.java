package org.vnca.train.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far counted work is, as a line of text.
 *
 * @param unit what is counted, in the plural, such as steps
 * @param begunAt the count when this process took over, above 0 for a resumed run
 * @param elapsed since then
 * @param perSecond the present rate; not-a-number if unknown
 */
record ProgressLine(
    String task,
    String unit,
    long total,
    long begunAt,
    long done,
    Duration elapsed,
    double perSecond,
    String message) {
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 8;
  private static final String BETWEEN = "  ";

  /** The line for a log: all that is known. */
  String line() {
    return String.join(BETWEEN, parts(task, "", true, true));
  }

  /**
   * The line for a terminal, with a bar. Where room is short the task's name goes first, then the
   * bar, the rate and the unit, and only then the end of the line: how far it is, the time left and
   * the message are what one looks for.
   *
   * @param columns the most characters it may have
   */
  String bar(int columns) {
    for (String name : List.of(task, "")) {
      int room = columns - length(parts(name, "", true, true)) - BETWEEN.length() - 2;
      if (room >= NARROWEST_BAR) {
        return String.join(BETWEEN, parts(name, drawnBar(Math.min(WIDEST_BAR, room)), true, true));
      }
    }
    List<String> bare = parts("", "", true, true);
    if (length(bare) > columns) {
      bare = parts("", "", false, true);
    }
    if (length(bare) > columns) {
      bare = parts("", "", false, false);
    }
    String line = String.join(BETWEEN, bare);
    return line.substring(0, Math.min(line.length(), Math.max(0, columns)));
  }

  private static int length(List<String> parts) {
    return String.join(BETWEEN, parts).length();
  }

  private List<String> parts(String name, String bar, boolean withRate, boolean withUnit) {
    List<String> parts = new ArrayList<>();
    parts.add(name);
    parts.add(text(name.isEmpty() ? "%d %%" : "%3d %%", 100 * done / total));
    parts.add(bar);
    parts.add(text("%,d/%,d", done, total) + (withUnit ? " " + unit : ""));
    parts.add(time());
    parts.add(withRate && perSecond > 0 ? rate() : "");
    parts.add(message);
    parts.removeIf(String::isEmpty);
    return parts;
  }

  private String drawnBar(int columns) {
    int filled = (int) Math.min(columns, columns * done / total);
    String head = filled < columns ? ">" : "";
    return "[" + "=".repeat(filled) + head + " ".repeat(columns - filled - head.length()) + "]";
  }

  /** The time left, at this process's mean speed; at the end, the time taken. */
  private String time() {
    if (done >= total) {
      return "in " + clock(elapsed.toSeconds());
    }
    if (done <= begunAt) {
      return "";
    }
    double left = elapsed.toMillis() / 1000.0 * (total - done) / (done - begunAt);
    return clock(Math.round(left)) + " left";
  }

  private String rate() {
    String format = perSecond >= 100 ? "%.0f %s/s" : perSecond >= 10 ? "%.1f %s/s" : "%.2f %s/s";
    return text(format, perSecond, unit);
  }

  private static String clock(long seconds) {
    return text("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
