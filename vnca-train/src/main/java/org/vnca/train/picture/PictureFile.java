package org.vnca.train.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/** Pictures' files, which appear whole or not at all. */
public final class PictureFile {
  /** The key of the note that is the picture's title. */
  public static final String TITLE = "title";

  /** The key of the note that says what is seen. */
  public static final String CAPTION = "caption";

  private PictureFile() {}

  /**
   * Writes a drawing; missing directories are made, a file of that name is replaced.
   *
   * @param room for which it was drawn
   * @param notes on what it shows, which the file holds, by key
   * @throws PictureException if it cannot be written; what was there before is then still there
   */
  public static void write(
      Path file, Drawing drawing, PictureFormat format, Room room, Map<String, String> notes) {
    write(file, format.encode(drawing, room.resolution(), notes));
  }

  /** Writes bytes, as above. */
  public static void write(Path file, byte[] bytes) {
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new PictureException("cannot write picture " + file + ": " + Reason.of(e), e);
    }
  }

  static byte[] png(Drawing drawing, double least, Map<String, String> notes) {
    double scale = Scale.of(drawing, least);
    PictureException.requirePixels(drawing, scale);
    return Png.encode(Raster.of(drawing, scale), scale, notes);
  }
}
