package org.vnca.eval.damage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.graph.spec.InvalidSetting;

/**
 * How large the damages of a study are. The right half (paper, section 3.2) has no size.
 *
 * @param squareSide side of the square that is set to zero, in cells; 0 for half that of the grid
 * @param cellShare the probability with which a cell is set to zero, where cells are drawn
 * @param noiseSigma standard deviation of the Gaussian noise that is added to every channel
 * @param squaresInRow how many squares follow each other, at least 2, with the study's steps after
 *     each
 */
public record Damages(int squareSide, double cellShare, double noiseSigma, int squaresInRow) {
  /** A square of half the side, a quarter of the cells, three in a row. */
  public static final Damages DEFAULT = new Damages(0, 0.25, 0.5, 3);

  public Damages {
    InvalidSetting.requireAtLeast("squareSide", squareSide, 0);
    if (!(cellShare > 0 && cellShare <= 1)) {
      throw new InvalidSetting("cellShare", "must be above 0 and at most 1", cellShare);
    }
    InvalidSetting.requirePositive("noiseSigma", noiseSigma);
    InvalidSetting.requireAtLeast("squaresInRow", squaresInRow, 2);
  }

  /**
   * The same with the square's side as it is on a grid.
   *
   * @param grid the grid's side in cells
   * @throws InvalidSetting if the square is larger
   */
  public Damages on(int grid) {
    if (squareSide > grid) {
      throw new InvalidSetting(
          "square", "must be at most " + grid + ", the side of the grid", squareSide);
    }
    int side = squareSide == 0 ? Math.max(1, grid / 2) : squareSide;
    return new Damages(side, cellShare, noiseSigma, squaresInRow);
  }

  /** What is done to the states, by name, each with the study's steps after it. */
  Map<String, List<Damage>> treatments() {
    Damage square = new Damage.Square(squareSide);
    List<Damage> single =
        List.of(
            square, new Damage.Half(), new Damage.Cells(cellShare), new Damage.Noise(noiseSigma));
    Map<String, List<Damage>> treatments = new LinkedHashMap<>();
    single.forEach(damage -> treatments.put(damage.name(), List.of(damage)));
    treatments.put(
        "%d x %s".formatted(squaresInRow, square.name()),
        new ArrayList<>(Collections.nCopies(squaresInRow, square)));
    return treatments;
  }
}
