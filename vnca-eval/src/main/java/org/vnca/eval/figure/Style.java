package org.vnca.eval.figure;

import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;

/**
 * How a picture looks.
 *
 * @param format as what it is written
 * @param room how wide it is
 * @param titled whether title and caption are on it; they are in the file's notes in any case
 */
public record Style(PictureFormat format, Room room, boolean titled) {
  /** For a screen, with title and caption. */
  public static Style of(PictureFormat format) {
    return new Style(format, Room.free(), true);
  }
}
