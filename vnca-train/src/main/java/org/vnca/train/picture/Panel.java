package org.vnca.train.picture;

/** A part of a page that can be drawn as wide as there is room. */
public interface Panel {
  /** Draws it. */
  Drawing draw(Room room);
}
