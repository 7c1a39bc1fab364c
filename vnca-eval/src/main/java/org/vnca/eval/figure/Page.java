package org.vnca.eval.figure;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** A figure as a paper prints it: its title, panels under each other, its caption. */
final class Page {
  private static final int MARGIN = 16;
  private static final int LEAST_WIDTH = 720;
  private static final int LEAST_FRAME = 400;
  private static final int LINE = 2 * Ink.TEXT.height();

  private Page() {}

  /**
   * Lays it out.
   *
   * @param panels at least one
   * @param caption broken into lines of the width of the widest panel; empty for none
   */
  static BufferedImage of(String title, List<BufferedImage> panels, String caption) {
    int inner =
        Math.max(
            Math.max(LEAST_WIDTH, Ink.TITLE.width(title)),
            panels.stream().mapToInt(BufferedImage::getWidth).max().orElse(0));
    List<String> lines = wrap(caption, inner);
    int height =
        2 * MARGIN
            + Ink.TITLE.height()
            + panels.stream().mapToInt(panel -> panel.getHeight() + MARGIN).sum()
            + (lines.isEmpty() ? 0 : MARGIN)
            + LINE * lines.size();
    try (Ink ink = new Ink(inner + 2 * MARGIN, height)) {
      ink.write(title, MARGIN, MARGIN, Ink.TITLE, Ink.BLACK);
      int top = MARGIN + Ink.TITLE.height() + MARGIN;
      for (BufferedImage panel : panels) {
        int left = MARGIN + (inner - panel.getWidth()) / 2;
        ink.graphics().drawImage(panel, left, top, null);
        top += panel.getHeight() + MARGIN;
      }
      for (String line : lines) {
        ink.write(line, MARGIN, top, Ink.TEXT, Ink.GREY);
        top += LINE;
      }
      return ink.picture();
    }
  }

  /** One picture of an animation: of one size whatever its title, which is short. */
  static BufferedImage frame(String title, BufferedImage panel) {
    int inner = Math.max(LEAST_FRAME, panel.getWidth());
    int top = MARGIN + LINE;
    try (Ink ink = new Ink(inner + 2 * MARGIN, top + panel.getHeight() + MARGIN)) {
      ink.writeCentred(title, MARGIN + inner / 2, MARGIN);
      ink.graphics().drawImage(panel, MARGIN + (inner - panel.getWidth()) / 2, top, null);
      return ink.picture();
    }
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      if (line.length() > 0 && Ink.TEXT.width(line + " " + word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    if (line.length() > 0) {
      lines.add(line.toString());
    }
    return lines;
  }
}
