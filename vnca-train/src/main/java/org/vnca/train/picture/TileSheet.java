package org.vnca.train.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Rows and columns of equal cells on mid-grey, some with an image, with a margin for labels. */
final class TileSheet {
  private static final Color GROUND = new Color(0x80, 0x80, 0x80);
  private static final Color MARGIN = new Color(0x20, 0x20, 0x20);
  private static final Color INK = new Color(0xf0, 0xf0, 0xf0);
  private static final Color MARK = new Color(0xff, 0xa0, 0x00);

  private final int cellHeight;
  private final int cellWidth;
  private final int gap;
  private final int margin;
  private final BufferedImage picture;

  /**
   * @param cellHeight pixels of the sheet, as {@code cellWidth}, {@code gap} and {@code margin}
   * @param margin width of the labels' column to the left, 0 for none
   */
  TileSheet(int rows, int columns, int cellHeight, int cellWidth, int gap, int margin) {
    this.cellHeight = cellHeight;
    this.cellWidth = cellWidth;
    this.gap = gap;
    this.margin = margin;
    int width = margin + gap + columns * (cellWidth + gap);
    int height = gap + rows * (cellHeight + gap);
    this.picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    fill(0, 0, width, height, GROUND);
    fill(0, 0, margin, height, MARGIN);
  }

  /** Draws an image at the largest integer zoom that fits, in the middle of its cell. */
  void tile(int row, int column, PixelImage image) {
    int zoom = Math.min(cellHeight / image.height(), cellWidth / image.width());
    image.drawOn(
        picture,
        left(column) + (cellWidth - zoom * image.width()) / 2,
        top(row) + (cellHeight - zoom * image.height()) / 2,
        zoom);
  }

  /** Frames a cell in colour, in the gap around it. */
  void mark(int row, int column) {
    fill(left(column) - gap, top(row) - gap, cellWidth + 2 * gap, gap, MARK);
    fill(left(column) - gap, top(row) + cellHeight, cellWidth + 2 * gap, gap, MARK);
    fill(left(column) - gap, top(row), gap, cellHeight, MARK);
    fill(left(column) + cellWidth, top(row), gap, cellHeight, MARK);
  }

  /** Writes to the left of a row, at half its height, up to the margin's right edge. */
  void label(int row, String text, PixelFont font, int padding) {
    Graphics2D graphics = picture.createGraphics();
    font.draw(
        graphics,
        text,
        margin - padding - font.width(text),
        top(row) + (cellHeight - font.height()) / 2,
        INK);
    graphics.dispose();
  }

  BufferedImage picture() {
    return picture;
  }

  private int left(int column) {
    return margin + gap + column * (cellWidth + gap);
  }

  private int top(int row) {
    return gap + row * (cellHeight + gap);
  }

  private void fill(int left, int top, int width, int height, Color colour) {
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(left, top, width, height);
    graphics.dispose();
  }
}
