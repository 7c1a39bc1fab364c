package org.vnca.graph.decoder;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Squares of a grid that are set to zero while training. */
public final class SquareDamage {
  private SquareDamage() {}

  /**
   * Upper left corners, such that the square lies within the grid; both ends included.
   *
   * @param uniform {@code [N, 2]} in [0, 1)
   * @param grid side of the grid
   * @param side of the square, at most {@code grid}
   * @return row and column, {@code [N, 2]}
   */
  public static Operand<TInt32> corners(Ops tf, Operand<TFloat32> uniform, int grid, int side) {
    int places = grid - side + 1;
    Operand<TInt32> place =
        tf.dtypes.cast(tf.math.mul(uniform, tf.constant((float) places)), TInt32.class);
    // A product that is rounded up could reach the number of places itself.
    return tf.math.minimum(place, tf.constant(places - 1));
  }

  /**
   * What states are multiplied by.
   *
   * @param corners row and column of each square's upper left cell, {@code [N, 2]}
   * @param sides of the squares, {@code [N]}; 0 for no damage
   * @param grid side of the grid
   * @return {@code [N, grid, grid, 1]}: 0 within the square, 1 elsewhere
   */
  public static Operand<TFloat32> mask(
      Ops tf, Operand<TInt32> corners, Operand<TInt32> sides, int grid) {
    Operand<TInt32> column = tf.expandDims(sides, tf.constant(1));
    Operand<TBool> rows = within(tf, corners, 0, column, grid);
    Operand<TBool> columns = within(tf, corners, 1, column, grid);
    Operand<TBool> both =
        tf.math.logicalAnd(
            tf.expandDims(rows, tf.constant(2)), tf.expandDims(columns, tf.constant(1)));
    return tf.expandDims(tf.dtypes.cast(tf.math.logicalNot(both), TFloat32.class), tf.constant(3));
  }

  /** {@code [N, grid]}: which rows or columns the squares cover. */
  private static Operand<TBool> within(
      Ops tf, Operand<TInt32> corners, int axis, Operand<TInt32> sides, int grid) {
    Operand<TInt32> first =
        tf.slice(corners, tf.constant(new int[] {0, axis}), tf.constant(new int[] {-1, 1}));
    Operand<TInt32> line = tf.range(tf.constant(0), tf.constant(grid), tf.constant(1));
    return tf.math.logicalAnd(
        tf.math.greaterEqual(line, first), tf.math.less(line, tf.math.add(first, sides)));
  }
}
