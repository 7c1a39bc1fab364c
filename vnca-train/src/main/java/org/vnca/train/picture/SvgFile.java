package org.vnca.train.picture;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A drawing as SVG 1.1: text is text, curves are paths, tiles are embedded PNGs that are not
 * smoothed. It loads nothing.
 */
public final class SvgFile implements Canvas {
  private static final double MILLIMETRES = 25.4 / 72;
  private static final int DIGITS = 3;

  /** Notes that SVG has elements for. */
  private static final Map<String, String> ELEMENTS =
      Map.of(PictureFile.TITLE, "title", PictureFile.CAPTION, "desc");

  /** How the classes of colours in a page begin; see {@link #inPage}. */
  public static final String INK_CLASS = "ink-";

  private final StringBuilder text = new StringBuilder();
  private final String clip;
  private final boolean inPage;
  private int clips;

  /**
   * @param clip how the names of clips begin
   * @param inPage whether colours are the page's
   */
  private SvgFile(String clip, boolean inPage) {
    this.clip = clip;
    this.inPage = inPage;
  }

  /**
   * A drawing as an element of a web page, as wide as the room that it is given. Its colours are
   * classes such as {@code ink-0072b2}, to which the page gives a {@code color}, since a dark page
   * needs others than paper. It has no background.
   *
   * @param title what it shows
   * @param id one that no other element of the page's begins with
   */
  public static String inPage(Drawing drawing, String title, String id) {
    SvgFile svg = new SvgFile(id + "-", true);
    svg.open("svg");
    svg.viewBox(drawing);
    svg.attribute("role", "img");
    svg.attribute("class", "chart");
    svg.text.append('>');
    svg.element("title", title);
    drawing.onto(svg);
    return svg.text.append("</svg>\n").toString();
  }

  private void viewBox(Drawing drawing) {
    attribute("viewBox", "0 0 " + number(drawing.width()) + " " + number(drawing.height()));
    attribute("font-family", Typeface.FAMILIES);
  }

  /** What a reader is told of that points there. */
  @Override
  public void named(Mark.Named named) {
    text.append("<g>");
    element("title", named.name());
    named.marks().forEach(mark -> mark.onto(this));
    text.append("</g>\n");
  }

  /** The file's bytes, UTF-8. */
  static byte[] encode(Drawing drawing, Map<String, String> notes) {
    SvgFile svg = new SvgFile("clip", false);
    svg.write(drawing, new TreeMap<>(notes));
    return svg.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(Drawing drawing, TreeMap<String, String> notes) {
    text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.append("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    text.append(" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\"");
    attribute("width", number(drawing.width() * MILLIMETRES) + "mm");
    attribute("height", number(drawing.height() * MILLIMETRES) + "mm");
    viewBox(drawing);
    text.append(">\n");
    for (String key : List.of(PictureFile.TITLE, PictureFile.CAPTION)) {
      if (notes.containsKey(key)) {
        element(ELEMENTS.get(key), notes.remove(key));
      }
    }
    text.append("<metadata><notes xmlns=\"urn:vnca:notes\">");
    notes.forEach(
        (key, note) -> {
          text.append("<note");
          attribute("name", key);
          text.append('>').append(escaped(note)).append("</note>");
        });
    text.append("</notes></metadata>\n");
    box(new Mark.Box(0, 0, drawing.width(), drawing.height(), new Ink(0xffffff)));
    drawing.onto(this);
    text.append("</svg>\n");
  }

  @Override
  public void box(Mark.Box box) {
    open("rect");
    numbers("x", box.left(), "y", box.top(), "width", box.width(), "height", box.height());
    fill(box.ink());
    text.append("/>\n");
  }

  private void numbers(String a, double x, String b, double y) {
    attribute(a, number(x));
    attribute(b, number(y));
  }

  private void numbers(
      String a, double x, String b, double y, String c, double z, String d, double w) {
    numbers(a, x, b, y);
    numbers(c, z, d, w);
  }

  @Override
  public void area(Mark.Area area) {
    open("path");
    attribute(
        "d",
        area.contours().stream().map(contour -> path(contour) + "Z").collect(Collectors.joining()));
    fill(area.ink());
    text.append("/>\n");
  }

  @Override
  public void line(Mark.Line line) {
    open("path");
    attribute("d", path(line.points()));
    attribute("fill", "none");
    paint("stroke", line.ink());
    attribute("stroke-width", number(line.width()));
    attribute("stroke-linecap", "round");
    attribute("stroke-linejoin", "round");
    if (!line.dashes().isEmpty()) {
      attribute(
          "stroke-dasharray",
          line.dashes().stream().map(SvgFile::number).collect(Collectors.joining(" ")));
    }
    text.append("/>\n");
  }

  @Override
  public void disc(Mark.Disc disc) {
    open("circle");
    numbers("cx", disc.x(), "cy", disc.y());
    attribute("r", number(disc.radius()));
    fill(disc.ink());
    text.append("/>\n");
  }

  /** The length is given too, so that another typeface takes no more room than there is. */
  @Override
  public void text(Mark.Text words) {
    if (words.words().isBlank()) {
      return;
    }
    open("text");
    numbers("x", words.x(), "y", words.y());
    attribute("font-size", number(words.size()));
    switch (words.side()) {
      case START -> {}
      case MIDDLE -> attribute("text-anchor", "middle");
      case END -> attribute("text-anchor", "end");
    }
    if (words.upwards()) {
      attribute("transform", "rotate(-90 " + number(words.x()) + " " + number(words.y()) + ")");
    }
    attribute("textLength", number(words.length()));
    attribute("lengthAdjust", "spacingAndGlyphs");
    fill(words.ink());
    text.append('>').append(escaped(words.words())).append("</text>\n");
  }

  @Override
  public void tile(Mark.Tile tile) {
    open("image");
    numbers("x", tile.left(), "y", tile.top(), "width", tile.width(), "height", tile.height());
    attribute("preserveAspectRatio", "none");
    // The attribute for programs of SVG 1.1, the property for browsers.
    attribute("image-rendering", "optimizeSpeed");
    attribute("style", "image-rendering:pixelated");
    attribute(
        "xlink:href",
        "data:image/png;base64,"
            + Base64.getEncoder()
                .encodeToString(Png.encode(Enlarged.of(tile.image()), 0, Map.of())));
    text.append("/>\n");
  }

  @Override
  public void clipped(Mark.Clipped clipped) {
    String id = clip + ++clips;
    Mark.Box frame = clipped.frame();
    text.append("<clipPath");
    attribute("id", id);
    text.append("><rect");
    numbers("x", frame.left(), "y", frame.top(), "width", frame.width(), "height", frame.height());
    text.append("/></clipPath>\n<g");
    attribute("clip-path", "url(#" + id + ")");
    text.append(">\n");
    clipped.marks().forEach(mark -> mark.onto(this));
    text.append("</g>\n");
  }

  private static String path(double[] points) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L');
      path.append(number(points[i])).append(' ').append(number(points[i + 1]));
    }
    return path.toString();
  }

  private void open(String name) {
    text.append('<').append(name);
  }

  private void element(String name, String content) {
    text.append('<').append(name).append('>').append(escaped(content));
    text.append("</").append(name).append(">\n");
  }

  private void attribute(String name, String value) {
    text.append(' ').append(name).append("=\"").append(escaped(value)).append('"');
  }

  private void fill(Ink ink) {
    paint("fill", ink);
  }

  private void paint(String how, Ink ink) {
    if (inPage) {
      attribute("class", INK_CLASS + ink.css().substring(1));
    }
    attribute(how, inPage ? "currentColor" : ink.css());
    if (ink.opacity() < 1) {
      attribute(how + "-opacity", number(ink.opacity()));
    }
  }

  static String number(double value) {
    BigDecimal rounded =
        BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }

  /** What XML does not take at all is left out. */
  private static String escaped(String content) {
    StringBuilder escaped = new StringBuilder();
    content
        .codePoints()
        .filter(c -> c >= ' ' && c != 0xfffe && c != 0xffff || c == '\n' || c == '\t')
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
