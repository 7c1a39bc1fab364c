package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Program;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.playground.Playground;
import org.vnca.eval.playground.PlaygroundReport;
import org.vnca.eval.playground.WeightFormat;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.ModelWeights;

/** Writes the page in which a run's decoder lives. */
public final class PlaygroundCommand implements Command {
  private static final String OPEN = "open";

  private final Opener opener;

  /** With the desktop's own way to open a file. */
  public PlaygroundCommand() {
    this(Opener.ofDesktop());
  }

  PlaygroundCommand(Opener opener) {
    this.opener = opener;
  }

  @Override
  public Usage usage() {
    return new Usage(
        "playground",
        List.of("[RUN]"),
        "write a page in which the model's cells grow, are wounded and heal",
        List.of(
            "One HTML file that needs nothing else: no server, no network. The run's decoder is in"
                + " it, and computes in the browser. It has the encodings of "
                + Playground.EXAMPLES
                + " images of the test split, chosen evenly over the labels where there are any;"
                + " without the dataset it goes without them, and says so. docs/playground.md says"
                + " what there is to do.",
            "Without RUN it takes the trained model that comes with the program, checkpoints/digits,"
                + " if that is there. A convolutional decoder has no cells, and is refused."),
        List.of(
            Flag.valued(
                Flag.OUT,
                "FILE.html",
                "where the page goes; default: figures/playground.html of the run"),
            Flag.valued(
                Flag.WEIGHTS,
                "WORD[,WORD]",
                "float32, or float16 for half the size, default: float32; and average (of the"
                    + " weights over the training, if the run has train.average) or trained, as the"
                    + " last step left them, default: average if there is one"),
            Flag.of(OPEN, "open it in the browser"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_DEVICE,
            Flag.WHICH_DATA),
        List.of(
            "playground checkpoints/quickstart --open",
            "playground checkpoints/mnist-doubling --weights float16 --out play.html"));
  }

  @Override
  public int run(Words words, Console console) {
    Optional<Path> named = words.pathOf(Flag.OUT);
    if (named.isPresent() && !named.get().toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
      throw words.wrong(Flag.OUT, "must end in .html");
    }
    List<String> given = weightWords(words);
    WeightFormat format =
        said(given, WeightFormat.ids()).map(WeightFormat::of).orElse(WeightFormat.FLOAT32);
    ModelChoice model = words.model(said(given, ModelWeights.words()).map(ModelWeights::of));
    Path run = words.operands().isEmpty() ? trained(words) : words.run(0);
    Path out = named.orElseGet(() -> Playground.place(run));
    PlaygroundReport report =
        Playground.write(run, new Playground.Options(model, format), out, console.watch());
    console.answer(report, text(report));
    return words.has(OPEN) ? opened(out, console) : DONE;
  }

  /** Each word at most once, and at most one of those that exclude each other. */
  private static List<String> weightWords(Words words) {
    List<String> given =
        words.text(Flag.WEIGHTS).map(text -> List.of(text.split(",", -1))).orElse(List.of());
    List<String> left = new ArrayList<>(given);
    said(given, WeightFormat.ids()).ifPresent(left::remove);
    said(given, ModelWeights.words()).ifPresent(left::remove);
    if (!left.isEmpty()) {
      throw words.wrong(
          Flag.WEIGHTS,
          "must be one of %s, one of %s, or one of each with a comma between"
              .formatted(
                  String.join(", ", WeightFormat.ids()), String.join(", ", ModelWeights.words())));
    }
    return given;
  }

  private static Optional<String> said(List<String> given, List<String> of) {
    return given.stream().filter(of::contains).findFirst();
  }

  private static Path trained(Words words) {
    Path run = Program.trained();
    if (!RunDirectory.isRun(run)) {
      throw words.fault(
          "playground needs RUN, such as checkpoints/NAME: no trained model lies in " + run);
    }
    return run;
  }

  private int opened(Path page, Console console) {
    Optional<String> fault = opener.open(page);
    fault.ifPresent(line -> console.err().println("vnca: " + line));
    return fault.isPresent() ? FAILED : DONE;
  }

  private static String text(PlaygroundReport report) {
    StringBuilder text = new StringBuilder();
    report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append(
        "%s: %s, %s parameters as %s, %d examples, checkpoint of step %s%s"
            .formatted(
                report.file(),
                Text.bytes(report.bytes()),
                Text.count(report.parameters()),
                report.weights(),
                report.examples(),
                Text.count(report.step()),
                ModelWeights.of(report.modelWeights()).behindStep()));
    return text.toString();
  }
}
