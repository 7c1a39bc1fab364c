package org.vnca.train.picture;

import java.awt.geom.GeneralPath;
import java.awt.geom.PathIterator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * Liberation Sans (SIL Open Font License 1.1), which PDFBox brings with its licence: its measures
 * and outlines. No font of the system is looked for, and nothing of it is needed.
 */
public final class Typeface {
  /** The one typeface of all pictures. */
  public static final Typeface SANS = new Typeface();

  /** How programs that show an SVG may replace it: typefaces with the same widths come first. */
  static final String FAMILIES = "'Liberation Sans', Arimo, Arial, Helvetica, sans-serif";

  private static final String FILE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  private static final int UNKNOWN = '?';

  /** Straight pieces in place of a curve; at the sizes of letters nobody sees them. */
  private static final int PIECES = 6;

  private final byte[] file;
  private final TrueTypeFont font;
  private final CmapLookup letters;
  private final double unit;
  private final Map<Integer, Glyph> glyphs = new HashMap<>();

  private Typeface() {
    try (InputStream in = PDDocument.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("PDFBox's jar has no " + FILE);
      }
      file = in.readAllBytes();
      font = new TTFParser().parse(new RandomAccessReadBuffer(file));
      letters = font.getUnicodeCmapLookup();
      unit = font.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException("the typeface cannot be read: " + e.getMessage(), e);
    }
  }

  /** The font's file. */
  byte[] file() {
    return file.clone();
  }

  /** The same text with "?" for what has no letter. */
  String writable(String text) {
    return text.codePoints()
        .map(letter -> letters.getGlyphId(letter) == 0 ? UNKNOWN : letter)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /** How long a text is, in the unit of the size. */
  public double width(String text, double size) {
    return text.codePoints().mapToDouble(letter -> glyph(letter).advance).sum() * size;
  }

  /** How high a capital is. */
  public double capitals(double size) {
    return 0.688 * size;
  }

  /** How far the highest letters reach above the base line, accents and all. */
  public double ascent(double size) {
    return 0.905 * size;
  }

  /** How far the lowest letters reach below the base line. */
  public double descent(double size) {
    return 0.212 * size;
  }

  /**
   * The outlines of a text from (0, 0) on its base line, closed contours of x and y in turn, y
   * downwards.
   */
  List<double[]> outlines(String text, double size) {
    List<double[]> all = new ArrayList<>();
    double at = 0;
    for (int letter : text.codePoints().toArray()) {
      Glyph glyph = glyph(letter);
      for (double[] contour : glyph.contours) {
        double[] placed = new double[contour.length];
        for (int i = 0; i < contour.length; i += 2) {
          placed[i] = (at + contour[i]) * size;
          placed[i + 1] = -contour[i + 1] * size;
        }
        all.add(placed);
      }
      at += glyph.advance;
    }
    return all;
  }

  /** The reader of the font's file has a place in it, so letters are read one after another. */
  private synchronized Glyph glyph(int letter) {
    return glyphs.computeIfAbsent(letter, this::read);
  }

  private Glyph read(int letter) {
    try {
      int number = letters.getGlyphId(letter);
      var glyph = font.getGlyph().getGlyph(number);
      return new Glyph(
          font.getAdvanceWidth(number) / unit,
          glyph == null ? List.of() : contours(glyph.getPath()));
    } catch (IOException e) {
      throw new UncheckedIOException("the typeface cannot be read: " + e.getMessage(), e);
    }
  }

  private List<double[]> contours(GeneralPath path) {
    List<double[]> contours = new ArrayList<>();
    List<Double> points = new ArrayList<>();
    double[] c = new double[6];
    for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
      switch (i.currentSegment(c)) {
        case PathIterator.SEG_MOVETO -> {
          close(points, contours);
          add(points, c[0], c[1]);
        }
        case PathIterator.SEG_LINETO -> add(points, c[0], c[1]);
        case PathIterator.SEG_QUADTO -> curve(points, c);
        case PathIterator.SEG_CLOSE -> close(points, contours);
        default -> throw new IllegalStateException("a TrueType outline has no cubic curves");
      }
    }
    close(points, contours);
    return contours;
  }

  private void curve(List<Double> points, double[] c) {
    double x = points.get(points.size() - 2) * unit;
    double y = points.get(points.size() - 1) * unit;
    for (int piece = 1; piece <= PIECES; piece++) {
      double t = (double) piece / PIECES;
      double s = 1 - t;
      add(
          points,
          s * s * x + 2 * s * t * c[0] + t * t * c[2],
          s * s * y + 2 * s * t * c[1] + t * t * c[3]);
    }
  }

  private void add(List<Double> points, double x, double y) {
    points.add(x / unit);
    points.add(y / unit);
  }

  private static void close(List<Double> points, List<double[]> contours) {
    if (!points.isEmpty()) {
      contours.add(points.stream().mapToDouble(Double::doubleValue).toArray());
      points.clear();
    }
  }

  /**
   * A letter.
   *
   * @param advance to the next letter, in sizes of the type
   * @param contours in sizes of the type, y upwards
   */
  private record Glyph(double advance, List<double[]> contours) {}
}
