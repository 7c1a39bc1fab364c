package org.vnca.data.imports;

import java.util.Locale;
import java.util.Set;
import org.vnca.base.fault.Line;

/** What the path of a file inside a folder or zip says of it. */
final class PictureName {
  /** What a name alone says. */
  enum Says {
    /** A picture of a kind that is read. */
    PICTURE,
    /** A picture of a kind that is not read. */
    OTHER_PICTURE,
    /** Something else. */
    NOTHING,
    /** Nothing: there is no ending. */
    NO_ENDING
  }

  private static final Set<String> READ =
      Set.of(
          "png", "apng", "jpg", "jpeg", "jpe", "jfif", "jif", "gif", "webp", "tif", "tiff", "bmp",
          "dib");

  private static final Set<String> OTHER =
      Set.of(
          "heic", "heif", "avif", "jxl", "jp2", "j2k", "jpf", "jpx", "jpm", "svg", "svgz", "psd",
          "psb", "ico", "cur", "icns", "tga", "pcx", "ppm", "pgm", "pbm", "pnm", "pam", "pfm",
          "xcf", "raw", "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf", "exr", "hdr", "dds",
          "eps", "emf", "wmf", "xbm", "xpm", "sgi", "djvu", "qoi");

  /** Lower case; beside all names that begin with a dot. */
  private static final Set<String> SYSTEMS_OWN =
      Set.of(
          "__macosx",
          "@eadir",
          "#recycle",
          "@recycle",
          "@recently-snapshot",
          "@__thumb",
          "$recycle.bin",
          "recycler",
          "system volume information",
          "lost+found",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "icon\r");

  /** Characters of a name that are shown; systems have names of 255 bytes at most. */
  private static final int LONGEST = 255;

  private PictureName() {}

  /**
   * Whether a file or one of the folders on the way to it is hidden, or a system's or program's
   * own: copies for previews, bins, notebooks' checkpoints.
   *
   * @param path steps divided by slashes
   */
  static boolean isHidden(String path) {
    for (String step : path.split("/", -1)) {
      String lower = step.toLowerCase(Locale.ROOT);
      boolean dotted = step.startsWith(".") && !step.equals(".") && !step.equals("..");
      if (dotted || SYSTEMS_OWN.contains(lower)) {
        return true;
      }
    }
    return false;
  }

  /** What the ending says, in upper or lower case. */
  static Says says(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Says.NO_ENDING;
    }
    String ending = name.substring(dot + 1).strip().toLowerCase(Locale.ROOT);
    if (READ.contains(ending)) {
      return Says.PICTURE;
    }
    return OTHER.contains(ending) ? Says.OTHER_PICTURE : Says.NOTHING;
  }

  /**
   * A name as part of one line: what would break or turn the line is written as an escape, and the
   * middle of a long one left out.
   */
  static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    Line.shortened(name, LONGEST)
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                shown.append("\\n");
              } else if (breaksLine(c)) {
                shown.append("\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  private static boolean breaksLine(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
