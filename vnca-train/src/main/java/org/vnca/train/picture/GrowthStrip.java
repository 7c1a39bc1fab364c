package org.vnca.train.picture;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
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
    List<Cell> cells = new ArrayList<>();
    int row = 0;
    int column = -1;
    for (int i = 0; i < states.size(); i++) {
      row += grows(states, i) ? 1 : 0;
      column = grows(states, i) ? 0 : column + 1;
      cells.add(new Cell(row, column));
    }
    return draw(states, cells, tiling);
  }

  private static BufferedImage draw(List<PixelImage> states, List<Cell> cells, Tiling tiling) {
    PixelImage largest = states.get(states.size() - 1);
    int rows = cells.stream().mapToInt(Cell::row).max().orElse(0) + 1;
    int columns = cells.stream().mapToInt(Cell::column).max().orElse(0) + 1;
    TileSheet sheet =
        new TileSheet(
            rows,
            columns,
            largest.height() * tiling.zoom(),
            largest.width() * tiling.zoom(),
            tiling.gap(),
            0);
    for (int i = 0; i < cells.size(); i++) {
      sheet.tile(cells.get(i).row(), cells.get(i).column(), states.get(i));
      if (grows(states, i)) {
        sheet.mark(cells.get(i).row(), cells.get(i).column());
      }
    }
    return sheet.picture();
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

  private record Cell(int row, int column) {}

  private static String size(PixelImage image) {
    return image.height() + "x" + image.width();
  }
}
