package org.vnca.data.imports;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnca.data.Pixels;
import org.vnca.data.fault.DatasetException;

/**
 * How numbers become pixels.
 *
 * @param black what becomes 0
 * @param white what becomes 255, or 1 where pixels are binary
 * @param pixels what a pixel's byte means
 */
record PixelScale(double black, double white, Pixels pixels) {
  private static final double LEVELS = 255;

  /** What floating-point numbers may be beyond the ends, by rounding. */
  private static final double SLACK = 1e-5;

  /** A level's share that is taken for rounding of the file's own numbers. */
  private static final double EXACT = 0.13;

  /** Fractions up to here could be of 0..1 as well as of 0..255. */
  private static final double UNCLEAR = 16;

  private static final String NUMBER =
      "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?";
  private static final Pattern RANGE = Pattern.compile("(" + NUMBER + ")\\.\\.(" + NUMBER + ")");

  /**
   * What black and white are.
   *
   * @param black a finite number
   * @param white a greater one
   */
  record Ends(double black, double white) {
    /** Reads {@code 0..255}; empty if it is not such a range. */
    static Optional<Ends> of(String text) {
      Matcher range = RANGE.matcher(text);
      if (!range.matches()) {
        return Optional.empty();
      }
      Ends ends = new Ends(Double.parseDouble(range.group(1)), Double.parseDouble(range.group(2)));
      boolean usable = Double.isFinite(ends.white - ends.black) && ends.black < ends.white;
      return usable ? Optional.of(ends) : Optional.empty();
    }

    @Override
    public String toString() {
      return shown(black) + ".." + shown(white);
    }
  }

  /**
   * The scale for values of a range.
   *
   * @param asked the ends, where a person has said them
   * @param range of all values
   * @param where names the arrays
   * @throws DatasetException if values lie outside, or the ends cannot be told from them
   */
  static PixelScale of(Optional<Ends> asked, ValueRange range, String where) {
    if (asked.isPresent()) {
      Ends ends = asked.get();
      double slack = range.isFloating() ? SLACK * (ends.white - ends.black) : 0;
      if (range.least() < ends.black - slack || range.greatest() > ends.white + slack) {
        throw new DatasetException(
            "%s holds values from %s to %s, which --scale %s does not cover; say another"
                .formatted(where, shown(range.least()), shown(range.greatest()), ends));
      }
      boolean bits = range.isBinary() && ends.black == 0 && ends.white == 1;
      return bits ? binary() : new PixelScale(ends.black, ends.white, Pixels.UINT8);
    }
    if (range.isBinary()) {
      return binary();
    }
    if (range.isFloating() && range.least() >= -SLACK && range.greatest() <= 1 + SLACK) {
      return new PixelScale(0, 1, Pixels.UINT8);
    }
    boolean fractions = !range.isWhole() && range.greatest() <= UNCLEAR;
    if (range.least() < 0 || range.greatest() > LEVELS || fractions) {
      throw new DatasetException(
          "%s holds values from %s to %s: what is black and what is white cannot be told; say it,"
                  .formatted(where, shown(range.least()), shown(range.greatest()))
              + " such as --scale "
              + likely(range));
    }
    return new PixelScale(0, LEVELS, Pixels.UINT8);
  }

  private static PixelScale binary() {
    return new PixelScale(0, 1, Pixels.BINARY);
  }

  private static Ends likely(ValueRange range) {
    if (range.least() >= -1 && range.greatest() <= 1) {
      return new Ends(-1, 1);
    }
    if (range.least() >= 0 && range.greatest() <= 65_535 && range.greatest() > LEVELS) {
      return new Ends(0, 65_535);
    }
    return new Ends(Math.min(0, range.least()), range.greatest());
  }

  /** The pixel of a value within the range. */
  byte pixel(double value) {
    if (pixels == Pixels.BINARY) {
      return (byte) value;
    }
    return (byte) Math.round(Math.max(0, Math.min(LEVELS, level(value))));
  }

  /** Whether a value lies between two levels, so that it must be rounded. */
  boolean isRounded(double value) {
    double level = level(value);
    return Math.abs(level - Math.rint(level)) > EXACT;
  }

  /** Whether pixels are the values themselves. */
  boolean isIdentity() {
    return pixels == Pixels.BINARY || (black == 0 && white == LEVELS);
  }

  private double level(double value) {
    return pixels == Pixels.BINARY ? value : (value - black) / (white - black) * LEVELS;
  }

  /** The ends, as {@code --scale} has them. */
  Ends ends() {
    return new Ends(black, white);
  }

  /** A number without needless digits. */
  static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
