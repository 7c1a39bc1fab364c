package org.vnca.graph.nn;

import java.util.Optional;

/** Convolutions by tiles where the program would not use them, since they gain nothing there. */
public final class Tiled {
  private Tiled() {}

  /** A 3x3 convolution by tiles; any other layer as it is. */
  public static Layer on(int side, Layer layer) {
    return layer instanceof Convolution c && c.kernel() == 3
        ? c.by(Optional.of(new Winograd(side, c.in(), c.out())))
        : layer;
  }
}
