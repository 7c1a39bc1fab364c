package org.vnca.eval;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.vnca.graph.session.States;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.Png;
import org.vnca.train.picture.Tiling;

/** A picture of full-grown states, for programs that use the project as a library. */
public final class StatePicture {
  private StatePicture() {}

  /**
   * Writes the mean images of states as a PNG, whole or not at all: a row for each image, from left
   * to right as it was in one batch of states after another.
   *
   * @param run whose model reads the states
   * @param columns at least one batch of states, all of the same images
   * @param file is replaced if it is there; missing folders are made
   * @throws IllegalArgumentException if there are no states, or not as many images in each
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public static void write(OpenRun run, List<States> columns, Path file) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a picture of states needs some, but there are none");
    }
    int rows = columns.get(0).count();
    Tiling tiling = Tiling.fit(run.session().image());
    int height = run.session().image().height() * tiling.zoom() + tiling.gap();
    int width = run.session().image().width() * tiling.zoom() + tiling.gap();
    BufferedImage picture =
        new BufferedImage(columns.size() * width, rows * height, BufferedImage.TYPE_INT_RGB);
    for (int column = 0; column < columns.size(); column++) {
      States states = columns.get(column);
      if (states.count() != rows) {
        throw new IllegalArgumentException(
            "states of one picture must be of the same %d images, but some are of %d"
                .formatted(rows, states.count()));
      }
      float[][] means = run.session().study().means(states);
      for (int row = 0; row < rows; row++) {
        PixelImage.of(means[row], run.session().image())
            .drawOn(picture, column * width, row * height, tiling.zoom());
      }
    }
    Png.write(
        picture, file, Map.of("run", run.directory().name(), "step", Long.toString(run.step())));
  }
}
