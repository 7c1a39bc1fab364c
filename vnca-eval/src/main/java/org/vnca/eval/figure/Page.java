package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.List;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Ink;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.Room;
import org.vnca.train.picture.TileSheet;
import org.vnca.train.picture.Typeface;

/** A figure as a paper prints it: its title, panels under each other, its caption. */
final class Page {
  private static final double TITLE = 12;
  private static final double TEXT = TileSheet.TEXT;
  private static final double LEADING = 1.35;
  private static final double MARGIN = 8;
  private static final double BETWEEN = 8;
  private static final double LEAST_WIDTH = 360;
  private static final double LEAST_FRAME = 200;

  private Page() {}

  /**
   * Lays it out. A page that fills its room has no margins: a paper has its own.
   *
   * @param panels at least one
   * @param titled whether title and caption are on the page
   * @param caption broken into lines of the width of the page; empty for none
   */
  static Drawing of(
      String title, List<? extends Panel> panels, String caption, Room room, boolean titled) {
    double margin = room.filled() ? 0 : MARGIN;
    Room within = room.within(2 * margin);
    List<Drawing> drawn = panels.stream().map(panel -> panel.draw(within)).toList();
    double inner = drawn.stream().mapToDouble(Drawing::width).max().orElse(0);
    inner = room.filled() ? within.width() : Math.max(titled ? LEAST_WIDTH : 0, inner);
    Drawing.Builder page = new Drawing.Builder();
    double top = margin;
    if (titled) {
      top = lines(page, wrapped(title, TITLE, inner), TITLE, margin, top, Ink.BLACK);
      top = room.snapped(top + BETWEEN / 2);
    }
    for (Drawing panel : drawn) {
      page.place(panel, room.snapped(margin + (inner - panel.width()) / 2), top);
      top = room.snapped(top + panel.height() + BETWEEN);
    }
    if (titled && !caption.isEmpty()) {
      top = lines(page, wrapped(caption, TEXT, inner), TEXT, margin, top, Ink.GREY);
    } else {
      top -= BETWEEN;
    }
    return page.of(inner + 2 * margin, room.snapped(top + margin));
  }

  /** One picture of an animation: of one size whatever its title, which is short. */
  static Drawing frame(String title, Panel panel) {
    Room room = Room.free();
    Drawing drawn = panel.draw(room.within(2 * MARGIN));
    double inner = Math.max(LEAST_FRAME, drawn.width());
    double top = MARGIN + 2 * TEXT;
    return new Drawing.Builder()
        .add(
            new Mark.Text(
                title, MARGIN + inner / 2, MARGIN + TEXT, TEXT, Mark.Side.MIDDLE, false, Ink.BLACK))
        .place(drawn, room.snapped(MARGIN + (inner - drawn.width()) / 2), top)
        .of(inner + 2 * MARGIN, top + drawn.height() + MARGIN);
  }

  /** Writes lines, and says where they end. */
  private static double lines(
      Drawing.Builder page, List<String> lines, double size, double left, double top, Ink ink) {
    double at = top;
    for (String line : lines) {
      double base = at + Typeface.SANS.ascent(size);
      page.add(new Mark.Text(line, left, base, size, Mark.Side.START, false, ink));
      at += LEADING * size;
    }
    return at;
  }

  /** Lines that fit; a word that alone is longer than a line is cut in pieces. */
  static List<String> wrapped(String text, double size, double width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (Typeface.SANS.width(longer, size) <= width) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = word;
      while (Typeface.SANS.width(line, size) > width && line.length() > 1) {
        int fits = line.length() - 1;
        while (fits > 1 && Typeface.SANS.width(line.substring(0, fits), size) > width) {
          fits--;
        }
        lines.add(line.substring(0, fits));
        line = line.substring(fits);
      }
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return lines;
  }
}
