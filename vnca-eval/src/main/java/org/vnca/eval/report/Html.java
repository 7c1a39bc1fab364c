package org.vnca.eval.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML; every text and every attribute's value is escaped, and every element closed. */
public final class Html {
  private final Appendable out;
  private final Deque<String> open = new ArrayDeque<>();

  /** Keeps all of it, for {@link #toString}. */
  public Html() {
    this(new StringBuilder());
  }

  /**
   * Writes what there is at once.
   *
   * @param out takes it
   */
  Html(Appendable out) {
    this.out = out;
  }

  private void put(CharSequence text) {
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says which HTML it is; comes before all else. */
  Html doctype() {
    put("<!DOCTYPE html>\n");
    return this;
  }

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

  /** What is HTML already, such as an SVG element. */
  Html markup(String whole) {
    put(whole);
    return this;
  }

  /** A text. */
  public Html text(String content) {
    put(escaped(content));
    return this;
  }

  /** Closes the element that was opened last. */
  public Html close() {
    put("</" + open.pop() + ">");
    if (open.size() < 4) {
      put("\n");
    }
    return this;
  }

  private void start(String name, String... attributes) {
    put("<" + name);
    for (int i = 0; i < attributes.length; i += 2) {
      put(" " + attributes[i] + "=\"");
      put(escaped(attributes[i + 1]));
      put("\"");
    }
    put(">");
  }

  private static String escaped(String content) {
    // Such as a picture of many kilobytes.
    if (content.chars().noneMatch(Html::needsEscape)) {
      return content;
    }
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

  private static boolean needsEscape(int c) {
    return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c < ' ';
  }

  /**
   * Checks that all is closed.
   *
   * @throws IllegalStateException if not
   */
  void end() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("these elements are still open: " + open);
    }
  }

  @Override
  public String toString() {
    end();
    return out.toString();
  }
}
