package org.vnca.train.picture;

/** What can be drawn on: pixels, an SVG, a page of a PDF. Later marks lie above earlier ones. */
interface Canvas {
  void box(Mark.Box box);

  void area(Mark.Area area);

  void line(Mark.Line line);

  void disc(Mark.Disc disc);

  void text(Mark.Text text);

  void tile(Mark.Tile tile);

  /** Draws the marks, of which only what lies in the frame is seen. */
  void clipped(Mark.Clipped clipped);

  /** Draws the marks; where a picture can hold names, it holds theirs. */
  default void named(Mark.Named named) {
    named.marks().forEach(mark -> mark.onto(this));
  }
}
