package org.vnca.train.picture;

import java.util.List;
import java.util.stream.DoubleStream;

/** Pixels to a point, so that the pixels of tiles are shown by squares of whole pixels. */
final class Scale {
  /** Closer to a whole number is whole. */
  private static final double NEAR = 1e-6;

  private Scale() {}

  /**
   * The scale of which most tiles' pixels are whole pixels, from the least to twice that, and more
   * where a tile has more pixels than that gives it.
   */
  static double of(Drawing drawing, double least) {
    List<Double> sizes =
        drawing.tiles().stream()
            .flatMapToDouble(
                tile ->
                    DoubleStream.of(
                        tile.width() / tile.image().width(), tile.height() / tile.image().height()))
            .distinct()
            .sorted()
            .boxed()
            .toList();
    if (sizes.isEmpty()) {
      return least;
    }
    double needed = Math.max(least, 1 / sizes.get(0));
    double best = needed;
    double error = error(sizes, needed);
    for (double size : sizes) {
      for (double times = Math.ceil(needed * size - NEAR); times <= 2 * needed * size; times++) {
        double scale = times / size;
        double found = error(sizes, scale);
        if (found < error - NEAR) {
          best = scale;
          error = found;
        }
      }
    }
    return best;
  }

  /** How far the worst tile's pixels are from a whole number, in parts of them. */
  private static double error(List<Double> sizes, double scale) {
    return sizes.stream()
        .mapToDouble(size -> Math.abs(size * scale - Math.rint(size * scale)) / (size * scale))
        .max()
        .orElse(0);
  }
}
