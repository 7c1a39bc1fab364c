package org.vnca.eval.chart;

import java.util.List;
import java.util.stream.IntStream;
import org.vnca.train.picture.Ink;

/**
 * The colours of Okabe and Ito (Color Universal Design, 2008), which people with any colour vision
 * tell apart; without the yellow, which is too bright for lines on white.
 */
public final class Palette {
  private static final int[] COLOURS = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00, 0x000000
  };

  private Palette() {}

  /** All inks. */
  public static List<Ink> all() {
    return IntStream.range(0, COLOURS.length).mapToObj(Palette::ink).toList();
  }

  /** The ink of a curve, by its number from 0; from the eighth on they come again. */
  public static Ink ink(int number) {
    return new Ink(COLOURS[number % COLOURS.length]);
  }

  /** How often the colours were all used up before: then something else tells curves apart. */
  public static int round(int number) {
    return number / COLOURS.length;
  }
}
