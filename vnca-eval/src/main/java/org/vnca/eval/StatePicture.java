package org.vnca.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vnca.graph.session.States;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.Room;
import org.vnca.train.picture.TileSheet;

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
   * @throws org.vnca.train.picture.PictureException if it cannot be written
   */
  public static void write(OpenRun run, List<States> columns, Path file) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a picture of states needs some, but there are none");
    }
    int count = columns.get(0).count();
    List<float[][]> means = new ArrayList<>();
    for (States states : columns) {
      if (states.count() != count) {
        throw new IllegalArgumentException(
            "states of one picture must be of the same %d images, but some are of %d"
                .formatted(count, states.count()));
      }
      means.add(run.session().study().means(states));
    }
    TileSheet sheet = new TileSheet();
    for (int image = 0; image < count; image++) {
      List<PixelImage> row = new ArrayList<>();
      for (float[][] seen : means) {
        row.add(PixelImage.of(seen[image], run.session().image()));
      }
      sheet.row("", row);
    }
    Room room = Room.free();
    PictureFile.write(
        file,
        sheet.draw(room),
        PictureFormat.PNG,
        room,
        Map.of("run", run.directory().name(), "step", Long.toString(run.step())));
  }
}
