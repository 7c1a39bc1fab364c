package org.vnca.graph.vae;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Rows of several samples of each image: those of an image lie one behind the other, so that equal
 * parts of the images are equal parts of the rows.
 */
public final class SampleRows {
  private SampleRows() {}

  /**
   * Each row as often as its image has samples.
   *
   * @param perImage {@code [B, ...]}
   * @param samples S, scalar
   * @param row shape of a row
   * @return {@code [B S, ...]}
   */
  public static Operand<TFloat32> repeated(
      Ops tf, Operand<TFloat32> perImage, Operand<TInt32> samples, int... row) {
    int values = 1;
    int[] rows = new int[row.length + 1];
    rows[0] = -1;
    for (int i = 0; i < row.length; i++) {
      values *= row[i];
      rows[i + 1] = row[i];
    }
    Operand<TFloat32> flat = tf.reshape(perImage, tf.constant(new int[] {-1, 1, values}));
    Operand<TInt32> times = tf.stack(List.of(tf.constant(1), samples, tf.constant(1)));
    return tf.reshape(tf.tile(flat, times), tf.constant(rows));
  }
}
