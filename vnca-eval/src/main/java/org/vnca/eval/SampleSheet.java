package org.vnca.eval;

import java.nio.file.Path;
import java.util.Map;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Pictures;
import org.vnca.train.trainer.Watch;

/** A sheet of images that a run's model dreams: z from the prior, x from p(x|z). */
public final class SampleSheet {
  /** White around the sheet, in points, where it does not fill its room. */
  private static final double MARGIN = 4;

  private SampleSheet() {}

  /**
   * Draws. Needs no dataset.
   *
   * @param path the run's directory
   * @param out the picture, which appears whole or not at all
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws StudyException if the decoder cannot make images of the size
   * @throws org.vnca.train.picture.PictureException if it is too large or cannot be written
   */
  public static SampleReport draw(Path path, Options options, Path out, Watch watch) {
    try (OpenRun run = OpenRun.open(path, options.model(), options.size(), watch)) {
      Room room = options.room();
      Drawing sheet =
          new Pictures(run.session()).samples(options.count(), options.mean()).draw(room);
      PictureFile.write(
          out,
          room.filled() ? sheet : sheet.within(MARGIN),
          options.format(),
          room,
          Map.of(
              "run", run.directory().name(),
              "step", Long.toString(run.step()),
              "figure", "samples",
              "weights", run.weights().word()));
      return new SampleReport(
          path.toString(),
          run.step(),
          out.toString(),
          options.count(),
          options.mean(),
          run.session().image().height(),
          run.weights().word());
    }
  }

  /**
   * What is drawn.
   *
   * @param count how many dreams, at least 1
   * @param mean whether means of p(x|z) are shown in place of samples
   * @param format as what the sheet is written
   * @param room how wide it is
   * @param size of the images
   * @param model of which checkpoint, and on which device
   */
  public record Options(
      int count, boolean mean, PictureFormat format, Room room, GridSize size, ModelChoice model) {
    /** A PNG for a screen, of images of the size that the run was trained with. */
    public Options(int count, boolean mean, ModelChoice model) {
      this(count, mean, PictureFormat.PNG, Room.free(), GridSize.TRAINED, model);
    }

    public Options {
      InvalidSetting.requireAtLeast("count", count, 1);
    }
  }
}
