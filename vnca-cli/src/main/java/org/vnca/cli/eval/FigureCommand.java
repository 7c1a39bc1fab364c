package org.vnca.cli.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.figure.AllFigures;
import org.vnca.eval.figure.Figure;
import org.vnca.eval.figure.FigureReport;
import org.vnca.eval.figure.Figures;
import org.vnca.train.experiment.Nearest;
import org.vnca.train.picture.PictureFormat;

/** Draws one of the paper's figures, or all. */
public final class FigureCommand implements Command {
  private static final String LIST = "list";
  private static final String ALL = "all";
  private static final String FILE = PictureFlags.FILE + "|gif";
  private static final String SEED = "seed";
  private static final String HOW_MANY = "count";

  @Override
  public Usage usage() {
    return new Usage(
        "figure",
        List.of("[NAME]", "[RUN]"),
        "draw one of the paper's figures of a run, or all of them",
        List.of(
            "NAME is one of " + String.join(", ", Figure.ids()) + "; --list says what they show.",
            "Figures of test images also read the run's dataset. A decoder that is no automaton"
                + " has no growth, recovery and stability.",
            "With all as NAME, every figure that makes sense for the run goes to a folder, with a"
                + " page, index.html, that shows them."),
        List.of(
            Flag.of(LIST, "list the figures, and which of the paper's each is"),
            Flag.valued(
                Flag.OUT, FILE, "where the picture goes; with all, the folder (must be given)"),
            Flag.valued(
                PictureFlags.FORMAT,
                "png|svg|pdf|gif",
                "gif is an animation, of growth, growth-many and recovery; default: the file's"
                    + " ending; with all png"),
            PictureFlags.HOW_WIDE,
            PictureFlags.WITHOUT_TITLE,
            Flag.valued(SEED, "N", "other samples, test images and damage; default: 0"),
            Flag.valued(HOW_MANY, "N", "how many samples, images or pairs; default: see --list"),
            PictureFlags.DOUBLINGS,
            PictureFlags.SIDE,
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.WHICH_DATA,
            Flag.WHICH_DEVICE),
        List.of(
            "figure --list",
            "figure growth checkpoints/quickstart --out growth.png",
            "figure growth last --out growth.pdf --width 140 --no-title",
            "figure growth checkpoints/quickstart --out larger.png --doublings 6",
            "figure recovery checkpoints/mnist-damage --out recovery.gif --seed 3",
            "figure all checkpoints/quickstart --out figures --format svg"));
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
    if (words.operands().get(0).equals(ALL)) {
      return all(words, console);
    }
    Figure figure = named(words, words.operands().get(0));
    Path out = words.pathOf(Flag.OUT).orElseThrow(() -> words.fault("figure needs --out " + FILE));
    String ending = ending(words, figure, out);
    Figures.Options options =
        new Figures.Options(
            ending.equals(Figures.GIF),
            PictureFlags.style(words, PictureFormat.of(ending).orElse(PictureFormat.PNG)),
            words.seed(SEED).orElse(0L),
            words.whole(HOW_MANY, 1, Words.MOST).orElse(0),
            PictureFlags.size(words),
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

  private static int all(Words words, Console console) {
    Path folder =
        words.pathOf(Flag.OUT).orElseThrow(() -> words.fault("figure all needs --out FOLDER"));
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw words.fault("--out %s is no folder, which figure all needs".formatted(folder));
    }
    for (Flag flag : List.of(PictureFlags.DOUBLINGS, PictureFlags.SIDE)) {
      if (words.has(flag.name())) {
        throw words.fault("--" + flag.name() + " is for single figures, not for all");
      }
    }
    if (words.has(HOW_MANY)) {
      throw words.fault("--" + HOW_MANY + " is for single figures, not for all");
    }
    PictureFormat format =
        words
            .choice(PictureFlags.FORMAT, PictureFormat.names())
            .flatMap(PictureFormat::of)
            .orElse(PictureFormat.PNG);
    AllFigures.Report report =
        AllFigures.draw(
            words.run(1),
            PictureFlags.style(words, format),
            words.seed(SEED).orElse(0L),
            words.model(),
            folder,
            console.watch());
    console.answer(report, text(report));
    return DONE;
  }

  private static String text(AllFigures.Report report) {
    List<String> lines = new ArrayList<>();
    report.figures().forEach(figure -> lines.add(figure.file()));
    report.leftOut().forEach((name, why) -> lines.add("not " + name + ": " + why));
    lines.add(
        "%s: %d figures of step %s"
            .formatted(report.index(), report.figures().size(), Text.count(report.step())));
    return String.join("\n", lines);
  }

  private static String ending(Words words, Figure figure, Path out) {
    List<String> endings = new ArrayList<>(PictureFormat.names());
    endings.add(Figures.GIF);
    String ending = PictureFlags.ending(words, out, endings);
    if (ending.equals(Figures.GIF) && !figure.moves()) {
      throw words.fault(
          "figure %s does not move, so it cannot be a GIF; end --out in .png"
              .formatted(figure.id()));
    }
    return ending;
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
      one.put("anySize", figure.anySize());
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
