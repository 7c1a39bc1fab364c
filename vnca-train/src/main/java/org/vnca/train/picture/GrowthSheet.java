package org.vnca.train.picture;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The states of a growing automaton in the order of time, such as 2x2, 4x4 and so on to 32x32, all
 * shown at the size of the largest (paper, figure 4).
 */
public final class GrowthSheet {
  /** A stage of more states goes on in the next row. */
  public static final int MOST_COLUMNS = 24;

  private GrowthSheet() {}

  /**
   * A row for each stage: at its left end the seed or, framed, the doubling, then the steps.
   *
   * @param stages at least one, of at least one state each
   */
  public static TileSheet of(List<List<PixelImage>> stages) {
    int longest = stages.stream().mapToInt(List::size).max().orElse(1);
    int columns = Math.min(longest, MOST_COLUMNS);
    TileSheet sheet = new TileSheet();
    for (int k = 0; k < stages.size(); k++) {
      List<PixelImage> images = stages.get(k);
      for (int from = 0; from < images.size(); from += columns) {
        String label =
            images.size() <= columns
                ? images.get(0).height() + "\u00d7" + images.get(0).width()
                : "step " + from;
        sheet.row(
            label,
            images.subList(from, Math.min(images.size(), from + columns)),
            k > 0 && from == 0 ? List.of(0) : List.of());
      }
    }
    return sheet.columns(IntStream.range(0, columns).mapToObj(Integer::toString).toList());
  }
}
