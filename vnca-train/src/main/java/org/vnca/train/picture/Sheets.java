package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.util.List;

/** Sheets of images of one shape. All are RGB; {@link Png} stores grey ones with one channel. */
public final class Sheets {
  private static final int DOT = 2;
  private static final int PADDING = 8;

  private Sheets() {}

  /**
   * Lays images out row by row.
   *
   * @param images at least one, all of one height and width
   * @param columns images to a row; the last row may be shorter
   * @throws IllegalArgumentException if there are no images, no columns, or two shapes
   */
  public static BufferedImage grid(List<PixelImage> images, int columns, Tiling tiling) {
    requireOneShape(images);
    if (columns < 1) {
      throw new IllegalArgumentException("a grid needs columns >= 1, but has " + columns);
    }
    int rows = (images.size() + columns - 1) / columns;
    TileSheet sheet = sheet(rows, Math.min(columns, images.size()), images.get(0), tiling, 0);
    for (int i = 0; i < images.size(); i++) {
      sheet.tile(i / columns, i % columns, images.get(i));
    }
    return sheet.picture();
  }

  /**
   * Lays rows under each other, each with its label to the left, such as originals above
   * reconstructions.
   *
   * @param rows at least one; all images of one height and width; a row may be shorter than others
   * @throws IllegalArgumentException if there are no rows, or two shapes
   */
  public static BufferedImage labelledRows(List<LabelledRow> rows, Tiling tiling) {
    List<PixelImage> all = rows.stream().flatMap(row -> row.images().stream()).toList();
    requireOneShape(all);
    PixelFont font = new PixelFont(DOT);
    int longest = rows.stream().mapToInt(row -> font.width(row.label())).max().orElse(0);
    int columns = rows.stream().mapToInt(row -> row.images().size()).max().orElse(0);
    TileSheet sheet = sheet(rows.size(), columns, all.get(0), tiling, longest + 2 * PADDING);
    for (int r = 0; r < rows.size(); r++) {
      sheet.label(r, rows.get(r).label(), font, PADDING);
      for (int c = 0; c < rows.get(r).images().size(); c++) {
        sheet.tile(r, c, rows.get(r).images().get(c));
      }
    }
    return sheet.picture();
  }

  private static TileSheet sheet(
      int rows, int columns, PixelImage first, Tiling tiling, int margin) {
    return new TileSheet(
        rows,
        columns,
        first.height() * tiling.zoom(),
        first.width() * tiling.zoom(),
        tiling.gap(),
        margin);
  }

  private static void requireOneShape(List<PixelImage> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("a sheet needs at least one image, but has none");
    }
    PixelImage first = images.get(0);
    for (PixelImage image : images) {
      if (image.height() != first.height() || image.width() != first.width()) {
        throw new IllegalArgumentException(
            "a sheet needs images of one shape, but has "
                + first.height()
                + "x"
                + first.width()
                + " and "
                + image.height()
                + "x"
                + image.width());
      }
    }
  }
}
