package org.vnca.eval.figure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vnca.eval.OpenRun;
import org.vnca.eval.report.Html;
import org.vnca.train.picture.PictureFormat;

/** The page that shows all figures of a run; it loads the pictures beside it and nothing else. */
final class FigureIndex {
  private static final String POLICY =
      "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'";

  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1280px;padding:0 16px 48px;\
      color:#1b1f24;background:#fff}
      h1{font-size:1.6em;overflow-wrap:anywhere}h2{font-size:1.25em;margin-top:2em}
      figure{margin:0}img{max-width:100%;height:auto;border:1px solid #d0d7de}
      figcaption,.note{color:#57606a;font-size:.9em}td{padding:2px 16px 2px 0;vertical-align:top}
      """;

  private FigureIndex() {}

  /**
   * The page's bytes, UTF-8.
   *
   * @param leftOut why figures are not there, by their names
   */
  static byte[] of(OpenRun run, List<FigureReport> figures, Map<String, String> leftOut) {
    Html html = new Html();
    String title = "Figures of " + run.directory().name();
    html.open("html", "lang", "en").open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.element("title", title);
    html.element("style", STYLE).close();
    html.open("body").element("h1", title);
    html.element(
        "p",
        String.format(
            Locale.ROOT,
            "Step %,d%s, decoder %s.",
            run.step(),
            run.weights().behindStep(),
            run.decoderType()),
        "class",
        "note");
    figures.forEach(figure -> figure(html, figure));
    leftOut(html, leftOut);
    html.close().close();
    return ("<!DOCTYPE html>\n" + html).getBytes(StandardCharsets.UTF_8);
  }

  private static void figure(Html html, FigureReport figure) {
    String file = Path.of(figure.file()).getFileName().toString();
    html.element("h2", Figure.of(figure.figure()).orElseThrow().title(), "id", figure.figure());
    html.open("figure");
    // No browser shows a PDF among other things without a program of its own.
    if (!figure.format().equals(PictureFormat.PDF.ending())) {
      html.open("a", "href", file);
      html.empty("img", "src", file, "alt", figure.figure()).close();
    }
    html.open("figcaption").text(figure.caption() + " In the paper: " + figure.paper() + ". ");
    html.element("a", file, "href", file).close().close();
    html.open("details").element("summary", "numbers").open("table").open("tbody");
    figure
        .numbers()
        .forEach(
            (name, value) ->
                html.open("tr").element("td", name).element("td", String.valueOf(value)).close());
    html.close().close().close();
  }

  private static void leftOut(Html html, Map<String, String> leftOut) {
    if (leftOut.isEmpty()) {
      return;
    }
    html.element("h2", "Not drawn").open("table").open("tbody");
    leftOut.forEach((name, why) -> html.open("tr").element("td", name).element("td", why).close());
    html.close().close();
  }
}
