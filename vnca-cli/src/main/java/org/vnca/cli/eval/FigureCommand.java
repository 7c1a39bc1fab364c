package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.figure.Figure;
import org.vnca.eval.figure.FigureReport;
import org.vnca.eval.figure.Figures;
import org.vnca.train.experiment.Nearest;

/** Draws one of the paper's figures. */
public final class FigureCommand implements Command {
  private static final String LIST = "list";
  private static final String FORMAT = "format";
  private static final String SEED = "seed";
  private static final String HOW_MANY = "count";

  @Override
  public Usage usage() {
    return new Usage(
        "figure",
        List.of("[NAME]", "[RUN]"),
        "draw one of the paper's figures of a run",
        List.of(
            "NAME is one of " + String.join(", ", Figure.ids()) + "; --list says what they show.",
            "Figures of test images also read the run's dataset. A decoder that is no automaton"
                + " has no growth, recovery and stability."),
        List.of(
            Flag.of(LIST, "list the figures, and which of the paper's each is"),
            Flag.valued(Flag.OUT, "FILE.png", "where the picture goes (must be given)"),
            Flag.valued(
                FORMAT,
                "png|gif",
                "gif is an animation, of growth, growth-many and recovery; default: the file's"
                    + " ending"),
            Flag.valued(SEED, "N", "other samples, test images and damage; default: 0"),
            Flag.valued(HOW_MANY, "N", "how many samples, images or pairs; default: see --list"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_DATA,
            Flag.WHICH_DEVICE),
        List.of(
            "figure --list",
            "figure growth checkpoints/quickstart --out growth.png",
            "figure recovery checkpoints/mnist-damage --out recovery.gif --seed 3"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    if (words.has(LIST)) {
      console.answer(Map.of("figures", listed()), table());
      return DONE;
    }
    if (words.operands().size() < 2) {
      throw words.fault(
          words.operands().isEmpty() ? "figure needs NAME and RUN" : "figure needs RUN");
    }
    Figure figure = named(words, words.operands().get(0));
    Path out = words.pathOf(Flag.OUT).orElseThrow(() -> words.fault("figure needs --out FILE.png"));
    Figures.Options options =
        new Figures.Options(
            format(words, figure, out),
            words.seed(SEED).orElse(0L),
            words.whole(HOW_MANY, 1).orElse(0),
            words.model());
    FigureReport report = Figures.draw(figure, words.run(1), options, out, console.watch());
    console.answer(
        report,
        "%s: %s of step %s%n%s"
            .formatted(
                report.file(),
                report.figure(),
                Text.count(report.step()),
                Text.wrap(report.caption(), 80, 0)));
    return DONE;
  }

  private static Figure named(Words words, String name) {
    return Figure.of(name)
        .orElseThrow(
            () ->
                words.fault(
                    "there is no figure '%s'%s"
                        .formatted(
                            name,
                            Nearest.to(name, Figure.ids())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; they are " + String.join(", ", Figure.ids())))));
  }

  private static String format(Words words, Figure figure, Path out) {
    String file = out.toString().toLowerCase(Locale.ROOT);
    String ending = file.substring(file.lastIndexOf('.') + 1);
    if (!ending.equals(Figures.PNG) && !ending.equals(Figures.GIF)) {
      throw words.wrong(Flag.OUT, "must end in .png or .gif");
    }
    String format = words.text(FORMAT).orElse(ending);
    if (!format.equals(Figures.PNG) && !format.equals(Figures.GIF)) {
      throw words.wrong(FORMAT, "must be png or gif");
    }
    if (!format.equals(ending)) {
      throw words.wrong(Flag.OUT, "must end in ." + format + " with --format " + format);
    }
    if (format.equals(Figures.GIF) && !figure.moves()) {
      throw words.fault(
          "figure %s does not move, so it cannot be a GIF; end --out in .png"
              .formatted(figure.id()));
    }
    return format;
  }

  private static List<Map<String, Object>> listed() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", figure.id());
      one.put("paper", figure.paper());
      one.put("about", figure.about());
      one.put("count", figure.count());
      one.put("gif", figure.moves());
      one.put("needsAutomaton", figure.needsAutomaton());
      all.add(one);
    }
    return all;
  }

  private static String table() {
    List<List<String>> rows = new ArrayList<>(List.of(List.of("name", "paper", "count", "shows")));
    Arrays.stream(Figure.values())
        .forEach(
            figure ->
                rows.add(
                    List.of(
                        figure.id(),
                        figure.paper(),
                        Integer.toString(figure.count()),
                        figure.about())));
    return Text.table(rows);
  }
}
