package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Each image's values in another shape: maps to rows in front of a dense layer, rows to maps behind
 * it. A map of one cell is still a map, {@code [B, 1, 1, C]}, and no row.
 *
 * @param map shape of the map
 * @param toRows whether the map is the input, and not the output
 */
public record Reshape(MapShape map, boolean toRows) implements Layer {

  /** Maps to rows. */
  public static Reshape toRows(MapShape from) {
    return new Reshape(from, true);
  }

  /** Rows to maps. */
  public static Reshape toMaps(MapShape to) {
    return new Reshape(to, false);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(shaped(tf, Rounding.float32(tf, x), toRows), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(shaped(tf, dy, !toRows), Gradients.NONE);
  }

  private Operand<TFloat32> shaped(Ops tf, Operand<TFloat32> x, boolean rows) {
    int[] sizes =
        rows
            ? new int[] {-1, map.values()}
            : new int[] {-1, map.height(), map.width(), map.channels()};
    return tf.reshape(x, tf.constant(sizes));
  }

  @Override
  public MapShape output(MapShape input) {
    return toRows ? MapShape.row(map.values()) : map;
  }
}
