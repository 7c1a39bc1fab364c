package org.vnca.eval.figure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.data.fault.DatasetException;
import org.vnca.eval.GridSize;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StudyException;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Watch;

/** Draws every figure that makes sense for a run, and a page that shows them. */
public final class AllFigures {
  private static final String INDEX = "index.html";

  private AllFigures() {}

  /**
   * Draws. A figure that the run's decoder or data cannot have is left out, and the page says why.
   *
   * @param path the run's directory
   * @param folder gets a file for each figure, and {@code index.html}; made if it is not there
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws org.vnca.train.picture.PictureException if a file cannot be written
   * @throws org.vnca.base.fault.Stopped if it was stopped; what was drawn before stays
   */
  public static Report draw(
      Path path, Style style, long seed, ModelChoice model, Path folder, Watch watch) {
    long began = System.nanoTime();
    List<FigureReport> drawn = new ArrayList<>();
    Map<String, String> leftOut = new LinkedHashMap<>();
    Path index = folder.resolve(INDEX);
    try (OpenRun run = OpenRun.open(path, model, watch)) {
      Figures.Options options = new Figures.Options(false, style, seed, 0, GridSize.TRAINED, model);
      for (Figure figure : Figure.values()) {
        Path file = folder.resolve(figure.id() + "." + style.format().ending());
        try {
          drawn.add(Figures.draw(figure, run, options, file));
        } catch (StudyException | DatasetException e) {
          leftOut.put(figure.id(), e.getMessage());
        }
      }
      PictureFile.write(index, FigureIndex.of(run, drawn, leftOut));
      return new Report(
          path.toString(),
          run.step(),
          folder.toString(),
          index.toString(),
          style.format().ending(),
          drawn,
          leftOut,
          (System.nanoTime() - began) / 1e9);
    }
  }

  /**
   * Figures that were drawn.
   *
   * @param run the run's directory
   * @param step of the checkpoint
   * @param folder where the pictures are
   * @param index the page that shows them
   * @param format {@code png}, {@code svg} or {@code pdf}
   * @param figures those that were drawn
   * @param leftOut why others were not, by their names
   * @param seconds wall time
   */
  public record Report(
      String run,
      long step,
      String folder,
      String index,
      String format,
      List<FigureReport> figures,
      Map<String, String> leftOut,
      double seconds) {
    public Report {
      figures = List.copyOf(figures);
    }
  }
}
