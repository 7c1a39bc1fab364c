package org.vnca.graph.nn;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Numbers that are fed, since constants would be folded. */
final class Fed {
  private Fed() {}

  /**
   * Normal numbers.
   *
   * @param feeds to which the tensor is added, to be closed by the caller
   */
  static Operand<TFloat32> normal(
      Ops tf, Map<Operand<?>, TFloat32> feeds, long seed, int... shape) {
    Shape sizes = Shape.of(Arrays.stream(shape).asLongStream().toArray());
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[Math.toIntExact(sizes.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    Operand<TFloat32> values = tf.placeholder(TFloat32.class, Placeholder.shape(sizes));
    feeds.put(values, TFloat32.tensorOf(sizes, DataBuffers.of(numbers)));
    return values;
  }
}
