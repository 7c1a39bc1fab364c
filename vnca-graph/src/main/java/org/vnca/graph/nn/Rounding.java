package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.spec.Precision;

/**
 * From float32 to the numbers that convolutions multiply and back. What has the wanted type already
 * is returned as it is, so that float32 costs no operation.
 */
public final class Rounding {
  private Rounding() {}

  /** The type of a convolution's operands. */
  public static Class<? extends TNumber> type(Precision precision) {
    return precision == Precision.BFLOAT16 ? TBfloat16.class : TFloat32.class;
  }

  /**
   * A tensor as a convolution multiplies it.
   *
   * @param x of any shape, float32 or already of that type
   */
  public static Operand<?> operand(Ops tf, Operand<?> x, Precision precision) {
    Class<? extends TNumber> type = type(precision);
    return x.type() == type ? x : tf.dtypes.cast(x, type);
  }

  /** A tensor of either type as float32. */
  public static Operand<TFloat32> float32(Ops tf, Operand<?> x) {
    return x.type() == TFloat32.class ? Loop.typed(x) : tf.dtypes.cast(x, TFloat32.class);
  }
}
