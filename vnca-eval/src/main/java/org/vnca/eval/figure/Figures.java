package org.vnca.eval.figure;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.vnca.eval.GridSize;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StudyException;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Watch;

/** Draws the paper's figures of a run. */
public final class Figures {
  /** The ending of an animation. */
  public static final String GIF = "gif";

  private Figures() {}

  /**
   * Draws.
   *
   * @param path the run's directory
   * @param out the picture, which appears whole or not at all
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws org.vnca.eval.StudyException if the decoder has no such figure
   * @throws org.vnca.data.fault.DatasetException if the dataset is needed and cannot be read
   * @throws org.vnca.train.picture.PictureException if it is too large or cannot be written
   * @throws org.vnca.base.fault.Stopped if it was stopped
   */
  public static FigureReport draw(
      Figure figure, Path path, Options options, Path out, Watch watch) {
    if (options.size().asked() && !figure.anySize()) {
      throw new StudyException(
          "figure %s needs images of the size that the run was trained with; leave --doublings and --side out, or draw one of %s"
              .formatted(
                  figure.id(),
                  Arrays.stream(Figure.values())
                      .filter(Figure::anySize)
                      .map(Figure::id)
                      .collect(Collectors.joining(", "))));
    }
    try (OpenRun run = OpenRun.open(path, options.model(), options.size(), watch)) {
      return draw(figure, run, options, out);
    }
  }

  /** As above, of a run that is open. */
  static FigureReport draw(Figure figure, OpenRun run, Options options, Path out) {
    long began = System.nanoTime();
    if (figure.needsAutomaton()) {
      run.requireAutomaton("figure " + figure.id());
    }
    int count = options.count() == 0 ? figure.count() : options.count();
    Drawn drawn = figure.draw(new Subject(run, figure.id(), options.seed(), count));
    if (options.animated()) {
      PictureFile.write(out, Gif.encode(drawn.frames()));
    } else {
      write(figure, run, drawn, options.style(), out);
    }
    return new FigureReport(
        figure.id(),
        figure.paper(),
        drawn.caption(),
        run.directory().path().toString(),
        run.step(),
        run.decoderType(),
        out.toString(),
        options.animated() ? GIF : options.style().format().ending(),
        options.seed(),
        drawn.numbers(),
        run.weights().word(),
        (System.nanoTime() - began) / 1e9);
  }

  private static void write(Figure figure, OpenRun run, Drawn drawn, Style style, Path out) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("run", run.directory().name());
    notes.put("step", Long.toString(run.step()));
    notes.put("figure", figure.id());
    notes.put("weights", run.weights().word());
    notes.put(PictureFile.TITLE, figure.title());
    notes.put(PictureFile.CAPTION, drawn.caption());
    String caption =
        "%s Run %s, step %,d%s."
            .formatted(
                drawn.caption(), run.directory().name(), run.step(), run.weights().behindStep());
    PictureFile.write(
        out,
        Page.of(figure.title(), drawn.panels(), caption, style.room(), style.titled()),
        style.format(),
        style.room(),
        notes);
  }

  /**
   * What is drawn.
   *
   * @param animated whether it moves
   * @param style how it looks, where it does not move
   * @param seed which samples, images and damage
   * @param count how many; 0 for the figure's own
   * @param size of the images
   * @param model of which checkpoint, and on which device
   */
  public record Options(
      boolean animated, Style style, long seed, int count, GridSize size, ModelChoice model) {
    public Options {
      InvalidSetting.requireAtLeast("count", count, 0);
    }
  }
}
