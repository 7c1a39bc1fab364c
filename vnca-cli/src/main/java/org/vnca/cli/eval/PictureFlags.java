package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Words;
import org.vnca.eval.GridSize;
import org.vnca.eval.figure.Style;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;

/** The options of commands that draw: what is written, how wide it is, and with which words. */
final class PictureFlags {
  static final String FORMAT = "format";
  private static final String WIDTH = "width";
  private static final String NO_TITLE = "no-title";

  /** What is given in place of {@code FILE} where a picture goes. */
  static final String FILE = "FILE.png|svg|pdf";

  static final Flag AS_WHAT =
      Flag.valued(FORMAT, "png|svg|pdf", "as what it is written; default: by the file's ending");

  static final Flag HOW_WIDE =
      Flag.valued(
          WIDTH,
          "MM",
          "width in millimetres, as of a paper's column: letters have 8 points, tiles the size that"
              + " fits, a PNG 300 dots to an inch or more; default: a size for screens");

  static final Flag WITHOUT_TITLE =
      Flag.of(NO_TITLE, "leave title and caption out; the file's metadata have them in any case");

  static final Flag DOUBLINGS =
      Flag.valued(
          "doublings",
          "N",
          "let a doubling decoder grow to 2^(N+1) pixels, whatever it was trained for; 0 to 10");

  static final Flag SIDE =
      Flag.valued(
          "side",
          "N",
          "give a non-doubling decoder a grid of N x N cells, whatever it was trained for");

  private PictureFlags() {}

  /**
   * The size of the images.
   *
   * @throws org.vnca.cli.frame.UsageException if both are given
   */
  static GridSize size(Words words) {
    if (words.has(DOUBLINGS.name()) && words.has(SIDE.name())) {
      throw words.fault("--doublings and --side cannot both be given");
    }
    return new GridSize(whole(words, DOUBLINGS, 0), whole(words, SIDE, 1));
  }

  private static OptionalInt whole(Words words, Flag flag, int least) {
    return words.whole(flag.name(), least).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** How wide the picture is. */
  static Room room(Words words) {
    return words.positive(WIDTH, Double.MAX_VALUE).map(Room::millimetres).orElse(Room.free());
  }

  /** How a picture of a format looks. */
  static Style style(Words words, PictureFormat format) {
    return new Style(format, room(words), !words.has(NO_TITLE));
  }

  /**
   * The format that is asked for by {@code --format} or by the file's ending.
   *
   * @throws org.vnca.cli.frame.UsageException if there is none, or the two differ
   */
  static PictureFormat format(Words words, Path file) {
    return PictureFormat.of(ending(words, file, PictureFormat.names())).orElseThrow();
  }

  /**
   * The ending of the file, in small letters.
   *
   * @param endings those that there are
   * @throws org.vnca.cli.frame.UsageException if it is none of them, or not {@code --format}
   */
  static String ending(Words words, Path file, List<String> endings) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String format = words.choice(FORMAT, endings).orElse(ending);
    if (!name.contains(".") || !endings.contains(ending)) {
      throw words.wrong(Flag.OUT, "must end in one of ." + String.join(", .", endings));
    }
    if (!format.equals(ending)) {
      throw words.wrong(Flag.OUT, "must end in ." + format + " with --" + FORMAT + " " + format);
    }
    return ending;
  }
}
