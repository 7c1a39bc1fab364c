package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The states of a growing automaton in the order of time, such as 2x2, 4x4 and so on to 32x32, all
 * shown at the size of the largest (paper, figure 4). A state that is larger than the one before
 * it, that is, a doubling, has a frame in colour.
 */
public final class GrowthStrip {
  private GrowthStrip() {}

  /**
   * A row for each size: the doubling at its left end, then the steps at that size.
   *
   * @param states at least one, none smaller than the one before it
   * @param tiling its zoom is that of the largest state
   * @throws IllegalArgumentException if there are no states, one is smaller than the one before it,
   *     or the largest is not a multiple of each
   */
  public static BufferedImage byStage(List<PixelImage> states, Tiling tiling) {
    requireGrowth(states);
    int rows = 1;
    int columns = 1;
    int column = 0;
    for (int i = 1; i < states.size(); i++) {
      column = grows(states, i) ? 0 : column + 1;
      rows += grows(states, i) ? 1 : 0;
      columns = Math.max(columns, column + 1);
    }
    TileSheet sheet = sheet(rows, columns, states, tiling);
    int row = 0;
    column = 0;
    for (int i = 0; i < states.size(); i++) {
      if (i > 0) {
        column = grows(states, i) ? 0 : column + 1;
        row += grows(states, i) ? 1 : 0;
      }
      place(sheet, row, column, states, i);
    }
    return sheet.picture();
  }

  /**
   * Line by line, as text is read. With as many columns as steps at a size, the doublings stand on
   * the diagonal, as in the paper's figure.
   *
   * @param states as in {@link #byStage}
   * @param columns states to a row
   * @throws IllegalArgumentException as in {@link #byStage}, and if there are no columns
   */
  public static BufferedImage wrapped(List<PixelImage> states, int columns, Tiling tiling) {
    requireGrowth(states);
    if (columns < 1) {
      throw new IllegalArgumentException("a growth strip needs columns >= 1, but has " + columns);
    }
    int rows = (states.size() + columns - 1) / columns;
    TileSheet sheet = sheet(rows, Math.min(columns, states.size()), states, tiling);
    for (int i = 0; i < states.size(); i++) {
      place(sheet, i / columns, i % columns, states, i);
    }
    return sheet.picture();
  }

  private static TileSheet sheet(int rows, int columns, List<PixelImage> states, Tiling tiling) {
    PixelImage largest = states.get(states.size() - 1);
    int zoom = tiling.zoom();
    return new TileSheet(
        rows, columns, largest.height() * zoom, largest.width() * zoom, tiling.gap(), 0);
  }

  private static void place(
      TileSheet sheet, int row, int column, List<PixelImage> states, int index) {
    sheet.tile(row, column, states.get(index));
    if (grows(states, index)) {
      sheet.mark(row, column);
    }
  }

  private static boolean grows(List<PixelImage> states, int index) {
    return index > 0 && states.get(index).height() > states.get(index - 1).height();
  }

  private static void requireGrowth(List<PixelImage> states) {
    if (states.isEmpty()) {
      throw new IllegalArgumentException("a growth strip needs at least one state, but has none");
    }
    PixelImage largest = states.get(states.size() - 1);
    PixelImage before = states.get(0);
    for (PixelImage state : states) {
      if (state.height() < before.height()
          || largest.height() % state.height() != 0
          || largest.width() != largest.height() / state.height() * state.width()) {
        throw new IllegalArgumentException(
            "a growth strip needs states that grow by whole factors, but has "
                + size(before)
                + ", then "
                + size(state)
                + ", and at the end "
                + size(largest));
      }
      before = state;
    }
  }

  private static String size(PixelImage image) {
    return image.height() + "x" + image.width();
  }
}
