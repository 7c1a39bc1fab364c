package org.vnca.cli.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunFilter;
import org.vnca.train.run.RunListing;
import org.vnca.train.run.RunRemoval;
import org.vnca.train.run.RunSummary;

/** Compares the runs in a directory. */
public final class RunsCommand implements Command {
  private static final String SORT = "sort";
  private static final String SHOWN = "columns";
  private static final String FILTER = "filter";
  private static final String DELETE = "delete";

  /** Property by which the launcher says how wide the terminal is; absent where there is none. */
  static final String COLUMNS = "vnca.columns";

  @Override
  public Usage usage() {
    return new Usage(
        "runs",
        List.of("[DIR]"),
        "list the runs in a directory, with the settings that differ",
        List.of(
            "DIR is the directory that holds the runs; default: "
                + TrainCommand.RUNS
                + ". A sweep's are in a directory of their own, such as "
                + TrainCommand.RUNS
                + "/NAME."),
        List.of(
            Flag.valued(
                SORT,
                "KEY",
                "order by name (default), state, step, loss, best, nats (of the evaluation), age"
                    + " (days) or a setting such as train.batch"),
            Flag.valued(
                SHOWN,
                "KEY,KEY...",
                "show these, as --sort takes them, beside the name; default: figures, and of the"
                    + " settings that differ as many as fit the terminal"),
            Flag.repeatable(
                FILTER,
                "CONDITION",
                "only runs of which it is true: KEY=VALUE (where * stands for any letters),"
                    + " KEY!=VALUE, KEY<NUMBER or KEY>NUMBER; several must all be true"),
            Flag.of(
                DELETE,
                "delete the runs that --filter leaves, for good; without it they are listed")),
        List.of(
            "runs",
            "runs checkpoints --sort best --columns step,best,train.batch",
            "runs --filter state=finished --filter 'best>-95'",
            "runs --filter 'age>30' --filter 'state!=finished' --delete",
            "runs --json"));
  }

  @Override
  public boolean usesTensorFlow() {
    return false;
  }

  @Override
  public int run(Words words, Console console) {
    Path directory = words.operands().isEmpty() ? TrainCommand.RUNS : words.path(0);
    RunListing listing = chosen(RunListing.of(directory), words);
    if (words.has(DELETE)) {
      return delete(listing, words, console);
    }
    console.answer(listing, text(listing, directory, words));
    if (!console.json()) {
      listing.unreadable().forEach(line -> console.err().println("not listed: " + line));
    }
    return DONE;
  }

  private static RunListing chosen(RunListing all, Words words) {
    List<RunFilter> filters = words.texts(FILTER).stream().map(RunFilter::of).toList();
    filters.forEach(filter -> all.requireColumn(filter.column()));
    return all.only(run -> filters.stream().allMatch(filter -> filter.test(run)))
        .sortedBy(words.text(SORT).orElse("name"));
  }

  private static String text(RunListing listing, Path directory, Words words) {
    if (listing.runs().isEmpty() && listing.unreadable().isEmpty()) {
      return words.has(FILTER) ? "no run in " + directory + " that fits" : none(directory);
    }
    RunsText text = new RunsText(listing);
    if (!words.has(SHOWN)) {
      return text.text(Integer.getInteger(COLUMNS, 0));
    }
    List<String> columns = List.of(words.text(SHOWN).orElseThrow().split(",", -1));
    columns.forEach(listing::requireColumn);
    return text.chosen(columns);
  }

  private static int delete(RunListing listing, Words words, Console console) {
    if (!words.has(FILTER)) {
      throw words.fault("--delete needs --filter, which says what is deleted");
    }
    long bytes = 0;
    for (RunSummary run : listing.runs()) {
      bytes += RunRemoval.delete(RunDirectory.open(run.path()));
      console.say("deleted " + run.path());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("deleted", listing.runs().stream().map(RunSummary::path).toList());
    fields.put("bytes", bytes);
    console.answer(
        fields, "%d runs deleted, %s".formatted(listing.runs().size(), Text.bytes(bytes)));
    return DONE;
  }

  private static String none(Path directory) {
    List<Path> below = RunListing.below(directory);
    String none = "no runs in " + directory;
    return below.isEmpty()
        ? none
        : below.stream()
            .map(path -> "\n  " + ArrayJob.shell(List.of("runs", path.toString())))
            .collect(Collectors.joining("", none + " itself, but below it (sweeps, perhaps):", ""));
  }
}
