package org.vnca.graph.nn;

import java.util.Optional;

/** Convolutions by tiles where the program would not use them, since they gain nothing there. */
public final class Tiled {
  private Tiled() {}

  /** A 3x3 convolution by tiles; any other as it is. */
  public static Convolution on(int side, Convolution c) {
    return c.kernel() != 3
        ? c
        : new Convolution(
            c.name(),
            c.kernel(),
            c.in(),
            c.out(),
            c.stride(),
            c.padding(),
            c.bias(),
            c.elu(),
            c.zero(),
            c.precision(),
            Optional.of(new Winograd(side, c.in(), c.out())));
  }
}
