package org.vnca.cli.train;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.run.RunListing;

/** Compares the runs in a directory. */
public final class RunsCommand implements Command {
  private static final String SORT = "sort";

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
                "order by name (default), state, step, loss, best, nats (of the evaluation) or a"
                    + " setting such as train.batch")),
        List.of("runs", "runs checkpoints --sort best", "runs --json"));
  }

  @Override
  public int run(Words words, Console console) {
    Path directory = words.operands().isEmpty() ? TrainCommand.RUNS : words.path(0);
    RunListing listing = RunListing.of(directory).sortedBy(words.text(SORT).orElse("name"));
    String text =
        listing.runs().isEmpty() && listing.unreadable().isEmpty()
            ? none(directory)
            : new RunsText(listing).text(Integer.getInteger(COLUMNS, 0));
    console.answer(listing, text);
    if (!console.json()) {
      listing.unreadable().forEach(line -> console.err().println("not listed: " + line));
    }
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
