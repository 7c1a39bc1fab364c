package org.vnca.eval.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The page without a model: an HTML file with marks, and the style sheets and scripts that {@value
 * #LIST} names in their order, all of which end up within the page.
 */
final class PageTemplate {
  private static final String LIST = "files.txt";
  private static final String PAGE = "page.html";

  private PageTemplate() {}

  /** Names of the style sheets and scripts, in their order. */
  static List<String> files() {
    return read(LIST).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** The text of a style sheet or script. */
  static String read(String name) {
    try (InputStream file = PageTemplate.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the playground has no file " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The page with a model.
   *
   * @param title plain text
   * @param model JSON
   * @param weights base64
   */
  static String filled(String title, String model, String weights) {
    StringBuilder style = new StringBuilder();
    StringBuilder scripts = new StringBuilder();
    for (String name : files()) {
      String text = read(name);
      if (name.endsWith(".css")) {
        style.append("<style>\n").append(text).append("</style>\n");
      } else {
        scripts.append("<script data-file=\"").append(name).append("\">\n");
        scripts.append(text).append("</script>\n");
      }
    }
    // So that no text of the model can end its element.
    String safe = model.replace("<", "\\u003c");
    String data =
        "<script type=\"application/json\" id=\"vnca-model\">\n%s\n</script>\n<script type=\"text/plain\" id=\"vnca-weights\">\n%s\n</script>\n"
            .formatted(safe, weights);
    return replaced(
        read(PAGE),
        Map.of(
            "title", escaped(title),
            "style", style.toString(),
            "data", data,
            "scripts", scripts.toString()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String replaced(String page, Map<String, String> texts) {
    StringBuilder filled = new StringBuilder();
    String start = "<!-- vnca:";
    String end = " -->";
    int at = 0;
    for (int mark = page.indexOf(start); mark >= 0; mark = page.indexOf(start, at)) {
      int close = page.indexOf(end, mark);
      filled.append(page, at, mark).append(texts.get(page.substring(mark + start.length(), close)));
      at = close + end.length();
    }
    return filled.append(page, at, page.length()).toString();
  }
}
