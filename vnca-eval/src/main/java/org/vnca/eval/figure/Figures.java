package org.vnca.eval.figure;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.eval.OpenRun;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.picture.Png;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Watch;

/** Draws the paper's figures of a run. */
public final class Figures {
  /** A picture that does not move. */
  public static final String PNG = "png";

  /** An animation. */
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
   * @throws org.vnca.base.fault.Stopped if it was stopped
   */
  public static FigureReport draw(
      Figure figure, Path path, Options options, Path out, Watch watch) {
    long began = System.nanoTime();
    try (OpenRun run = OpenRun.open(path, options.model(), watch)) {
      if (figure.needsAutomaton()) {
        run.requireAutomaton("figure " + figure.id());
      }
      int count = options.count() == 0 ? figure.count() : options.count();
      Drawn drawn = figure.draw(new Subject(run, figure.id(), options.seed(), count));
      String source = "%s, step %,d".formatted(run.directory().name(), run.step());
      String caption = drawn.caption();
      Map<String, String> notes = new LinkedHashMap<>();
      notes.put("run", run.directory().name());
      notes.put("step", Long.toString(run.step()));
      notes.put("figure", figure.id());
      notes.put("caption", caption);
      if (options.format().equals(GIF)) {
        PictureFile.write(out, Gif.encode(drawn.frames()));
      } else {
        Png.write(
            Page.of(title(figure), drawn.panels(), caption + " Run " + source + "."), out, notes);
      }
      return new FigureReport(
          figure.id(),
          figure.paper(),
          caption,
          path.toString(),
          run.step(),
          run.decoderType(),
          out.toString(),
          options.format(),
          options.seed(),
          drawn.numbers(),
          (System.nanoTime() - began) / 1e9);
    }
  }

  private static String title(Figure figure) {
    String words =
        figure == Figure.GROWTH_MANY ? "growth of many samples" : figure.id().replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /**
   * What is drawn.
   *
   * @param format {@link #PNG} or {@link #GIF}
   * @param seed which samples, images and damage
   * @param count how many; 0 for the figure's own
   * @param model of which checkpoint, and on which device
   */
  public record Options(String format, long seed, int count, ModelChoice model) {
    public Options {
      InvalidSetting.requireAtLeast("count", count, 0);
    }
  }
}
