package org.vnca.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.cli.frame.Text;
import org.vnca.train.run.RunListing;
import org.vnca.train.run.RunSummary;

/** Runs as a table that fits, or as a few lines each where the terminal is too narrow for that. */
final class RunsText {
  private static final String NONE = "-";
  private static final String STEPS = "train.steps";

  /** Where the width is not known, no cell makes a line of hundreds of characters. */
  private static final int WIDEST_CELL = 48;

  private static final List<String> HEADINGS =
      List.of(
          "run",
          "state",
          "step",
          "loss (nats)",
          "best validation (nats @ step)",
          "evaluated (nats)");

  private final RunListing listing;
  private final List<String> settings;

  RunsText(RunListing listing) {
    this.listing = listing;
    // Steps stand beside the step.
    this.settings = listing.differing().stream().filter(key -> !key.equals(STEPS)).toList();
  }

  /**
   * Every run. Settings for which there is no room in a line are named below the table.
   *
   * @param width of the terminal; 0 if it is not known, and then long values are cut
   */
  String text(int width) {
    if (listing.runs().isEmpty()) {
      return "no run that can be listed";
    }
    if (width <= 0) {
      return table(settings);
    }
    for (int columns = settings.size(); columns >= 0; columns--) {
      String table = table(settings.subList(0, columns));
      if (table.lines().allMatch(line -> line.length() <= width)) {
        return columns == settings.size() ? table : table + "\n" + rest(columns, width);
      }
    }
    return listing.runs().stream().map(run -> lines(run, width)).collect(Collectors.joining("\n"));
  }

  /** What the table has no room for. */
  private String rest(int columns, int width) {
    return Text.wrap(
        "also differ: %s (--columns shows what is named there)"
            .formatted(String.join(", ", settings.subList(columns, settings.size()))),
        width,
        0);
  }

  /**
   * A table of chosen columns, the run's name before them.
   *
   * @param columns as in {@link RunSummary#value}
   */
  String chosen(List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(Stream.concat(Stream.of("run"), columns.stream()).toList());
    for (RunSummary run : listing.runs()) {
      Stream<String> values = columns.stream().map(key -> cell(run, key));
      rows.add(Stream.concat(Stream.of(run.name()), values).toList());
    }
    return Text.table(rows);
  }

  private static String cell(RunSummary run, String column) {
    return run.value(column)
        .map(
            value ->
                value instanceof Double nats && RunSummary.COLUMNS.contains(column)
                    ? Text.nats(nats)
                    : value.toString())
        .orElse(NONE);
  }

  private String table(List<String> shown) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(Stream.concat(HEADINGS.stream(), shown.stream()).toList());
    for (RunSummary run : listing.runs()) {
      Stream<String> values = shown.stream().map(key -> cut(setting(run, key)));
      rows.add(Stream.concat(numbers(run).stream(), values).toList());
    }
    return Text.table(rows);
  }

  private static String cut(String value) {
    return value.length() <= WIDEST_CELL ? value : value.substring(0, WIDEST_CELL - 3) + "...";
  }

  private String lines(RunSummary run, int width) {
    List<String> numbers = numbers(run);
    String rest =
        "loss %s nats; best validation %s; evaluated %s"
            .formatted(numbers.get(3), numbers.get(4), numbers.get(5));
    String differing =
        settings.stream()
            .map(key -> key + "=" + setting(run, key).replace(" ", ""))
            .collect(Collectors.joining(" "));
    return Stream.of(
            Text.wrap(String.join(" ", numbers.get(0), numbers.get(1), numbers.get(2)), width, 0),
            Text.wrap(rest, width, 2),
            differing.isEmpty() ? "" : Text.wrap(differing, width, 2))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  /** The cells under {@link #HEADINGS}. */
  private static List<String> numbers(RunSummary run) {
    return List.of(
        run.name(),
        run.state().phase().name().toLowerCase(Locale.ROOT),
        run.step() + "/" + setting(run, STEPS),
        run.lossNats().map(Text::nats).orElse(NONE),
        run.best().map(best -> Text.nats(best.nats()) + " @ " + best.step()).orElse(NONE),
        run.evaluation().map(RunsText::evaluation).orElse(NONE));
  }

  private static String evaluation(RunSummary.Evaluation evaluation) {
    return "%s (%s, n = %d, %d images, step %d)"
        .formatted(
            Text.nats(evaluation.nats()),
            evaluation.split(),
            evaluation.samples(),
            evaluation.images(),
            evaluation.step());
  }

  private static String setting(RunSummary run, String key) {
    Object value = run.settings().get(key);
    return value == null ? NONE : value.toString();
  }
}
