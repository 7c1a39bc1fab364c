package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Each image's values in another shape: maps to rows in front of a dense layer, rows to maps behind
 * it.
 *
 * @param from shape of the input
 * @param to shape of the output, of as many values; one that is 1 x 1 is a row
 */
public record Reshape(MapShape from, MapShape to) implements Layer {
  public Reshape {
    if (from.values() != to.values()) {
      throw new IllegalArgumentException("from and to need as many values: " + from + ", " + to);
    }
  }

  /** Maps to rows. */
  public static Reshape toRows(MapShape from) {
    return new Reshape(from, MapShape.row(from.values()));
  }

  /** Rows to maps. */
  public static Reshape toMaps(MapShape to) {
    return new Reshape(MapShape.row(to.values()), to);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(shaped(tf, Rounding.float32(tf, x), to), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(shaped(tf, dy, from), Gradients.NONE);
  }

  private static Operand<TFloat32> shaped(Ops tf, Operand<TFloat32> x, MapShape shape) {
    int[] sizes =
        shape.cells() == 1
            ? new int[] {-1, shape.channels()}
            : new int[] {-1, shape.height(), shape.width(), shape.channels()};
    return tf.reshape(x, tf.constant(sizes));
  }

  @Override
  public MapShape output(MapShape input) {
    return to;
  }
}
