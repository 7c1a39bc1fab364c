package org.vnca.graph.nn;

/**
 * The shape of one image's map between two layers; a row of n values is 1 x 1 x n.
 *
 * @param height rows of cells
 * @param width columns of cells
 * @param channels values of a cell
 */
public record MapShape(int height, int width, int channels) {
  /** A square map. */
  public static MapShape square(int side, int channels) {
    return new MapShape(side, side, channels);
  }

  /** A row of values. */
  public static MapShape row(int values) {
    return new MapShape(1, 1, values);
  }

  /** The same grid with other channels. */
  public MapShape withChannels(int other) {
    return new MapShape(height, width, other);
  }

  /** How many cells the map has. */
  public long cells() {
    return (long) height * width;
  }

  /** How many values the map has. */
  public int values() {
    return Math.toIntExact(cells() * channels);
  }
}
