package org.vnca.eval.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML; every text and every attribute's value is escaped, and every element closed. */
public final class Html {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  public Html open(String name, String... attributes) {
    start(name, attributes);
    open.push(name);
    return this;
  }

  /** An element that has no content, such as an image. */
  public Html empty(String name, String... attributes) {
    start(name, attributes);
    return this;
  }

  /** An element with a text. */
  public Html element(String name, String content, String... attributes) {
    return open(name, attributes).text(content).close();
  }

  /** A text. */
  public Html text(String content) {
    text.append(escaped(content));
    return this;
  }

  /** Closes the element that was opened last. */
  public Html close() {
    text.append("</").append(open.pop()).append(">");
    if (open.size() < 4) {
      text.append('\n');
    }
    return this;
  }

  private void start(String name, String... attributes) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      text.append(escaped(attributes[i + 1])).append('"');
    }
    text.append('>');
  }

  private static String escaped(String content) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
      }
    }
    return escaped.toString();
  }

  /**
   * The page.
   *
   * @throws IllegalStateException if an element is still open
   */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("these elements are still open: " + open);
    }
    return text.toString();
  }
}
