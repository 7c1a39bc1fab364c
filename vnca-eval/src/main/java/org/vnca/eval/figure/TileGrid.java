package org.vnca.eval.figure;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.train.picture.PixelImage;

/** Rows of images, all shown at one size, with names to the left and above. */
final class TileGrid {
  private static final Color MARK = new Color(0xe6, 0x7e, 0x00);
  private static final int GAP = 3;
  private static final int PAD = 10;

  private final int side;
  private final List<Row> rows = new ArrayList<>();
  private List<String> columns = List.of();
  private int groupGapAfter = Integer.MAX_VALUE;

  /**
   * @param side of a tile in pixels of the picture, a multiple of the images' sides
   */
  TileGrid(int side) {
    this.side = side;
  }

  /** A tile's side for that many columns of images: as large as a page of some 1,200 pixels has. */
  static int side(int imageSide, int columns) {
    int zoom = Math.min(Math.max(1, 96 / imageSide), 1200 / Math.max(1, columns) / imageSide);
    return imageSide * Math.max(1, zoom);
  }

  /** Into how many columns so many images go: a little wider than high, and full where it can. */
  static int columns(int count) {
    int root = (int) Math.ceil(Math.sqrt(count));
    return IntStream.rangeClosed(root, 2 * root)
        .filter(columns -> count % columns == 0)
        .findFirst()
        .orElse(root);
  }

  /** Adds a row. */
  TileGrid row(String label, List<PixelImage> images) {
    rows.add(new Row(label, List.copyOf(images), List.of()));
    return this;
  }

  /** Adds a row, of which some tiles, by their columns, have a frame. */
  TileGrid row(String label, List<PixelImage> images, List<Integer> marked) {
    rows.add(new Row(label, List.copyOf(images), List.copyOf(marked)));
    return this;
  }

  /** Names the columns; where they would overlap, some are left out. */
  TileGrid columns(List<String> labels) {
    columns = List.copyOf(labels);
    return this;
  }

  /** Leaves a wider gap after each so many rows. */
  TileGrid groups(int rowsOfAGroup) {
    groupGapAfter = rowsOfAGroup;
    return this;
  }

  BufferedImage draw() {
    int left = rows.stream().mapToInt(row -> Ink.TEXT.width(row.label)).max().orElse(0);
    left += left == 0 ? GAP : PAD;
    int top = columns.isEmpty() ? GAP : Ink.TEXT.height() + PAD;
    int wide = rows.stream().mapToInt(row -> row.images.size()).max().orElse(0);
    int width = left + wide * (side + GAP) + PAD;
    try (Ink ink = new Ink(width, top(rows.size(), top))) {
      nameColumns(ink, left);
      for (int r = 0; r < rows.size(); r++) {
        Row row = rows.get(r);
        int y = top(r, top);
        ink.writeBefore(row.label, left - PAD, y + side / 2);
        for (int c = 0; c < row.images.size(); c++) {
          int x = left + c * (side + GAP);
          if (row.marked.contains(c)) {
            ink.graphics().setColor(MARK);
            ink.graphics().fillRect(x - GAP, y - GAP, side + 2 * GAP, side + 2 * GAP);
          }
          PixelImage image = row.images.get(c);
          image.drawOn(ink.picture(), x, y, side / image.height());
        }
      }
      return ink.picture();
    }
  }

  private int top(int row, int first) {
    return first + row * (side + GAP) + row / groupGapAfter * 3 * GAP;
  }

  private void nameColumns(Ink ink, int left) {
    int widest = columns.stream().mapToInt(Ink.TEXT::width).max().orElse(0);
    int every = Math.max(1, (int) Math.ceil((widest + PAD) / (double) (side + GAP)));
    for (int c = 0; c < columns.size(); c += every) {
      ink.writeCentred(columns.get(c), left + c * (side + GAP) + side / 2, 0);
    }
  }

  private record Row(String label, List<PixelImage> images, List<Integer> marked) {}
}
