package org.vnca.eval.figure;

import java.util.List;
import java.util.Map;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Panel;

/**
 * What a figure is made of.
 *
 * @param panels under each other
 * @param frames of the animation; empty if there is none
 * @param caption what is seen, for people
 * @param numbers what was measured on the way, by name, with units in the names
 */
record Drawn(List<Panel> panels, List<Frame> frames, String caption, Map<String, Object> numbers) {
  Drawn {
    panels = List.copyOf(panels);
    frames = List.copyOf(frames);
  }

  /** Without an animation. */
  static Drawn still(List<Panel> panels, String caption, Map<String, Object> numbers) {
    return new Drawn(panels, List.of(), caption, numbers);
  }

  /**
   * One picture of an animation.
   *
   * @param drawing all of one size
   * @param hundredths of a second that it stays
   */
  record Frame(Drawing drawing, int hundredths) {}
}
