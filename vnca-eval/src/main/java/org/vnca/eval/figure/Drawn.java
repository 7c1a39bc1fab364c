package org.vnca.eval.figure;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * What a figure is made of.
 *
 * @param panels under each other
 * @param frames of the animation; empty if there is none
 * @param caption what is seen, for people
 * @param numbers what was measured on the way, by name, with units in the names
 */
record Drawn(
    List<BufferedImage> panels,
    List<Gif.Frame> frames,
    String caption,
    Map<String, Object> numbers) {
  Drawn {
    panels = List.copyOf(panels);
    frames = List.copyOf(frames);
  }

  /** Without an animation. */
  static Drawn still(List<BufferedImage> panels, String caption, Map<String, Object> numbers) {
    return new Drawn(panels, List.of(), caption, numbers);
  }
}
