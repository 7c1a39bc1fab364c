package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;

/**
 * The exponential moving average of the weights over the steps of training (Polyak and Juditsky
 * 1992), as variables beside them, where they are. It begins with their first values; after the
 * update of step t, counted from 0, it goes 1 - d of the way to the weights, d being the decay or,
 * in the first steps, (1 + t) / (10 + t) where that is less: so it is not held back by the first
 * values, and needs no correction (TensorFlow's {@code ExponentialMovingAverage} with the step as
 * {@code num_updates}).
 */
final class WeightAverage {
  /** Suffix of an average's variable: {@code encoder/conv0/weight/average}. */
  static final String SUFFIX = "/average";

  private final double decay;
  private final List<Parameter> weights;
  private final List<Parameter> averages = new ArrayList<>();

  /**
   * Adds the averages.
   *
   * @param decay above 0 and below 1
   * @param weights what is trained
   * @param variables where the averages are added
   */
  WeightAverage(double decay, List<Parameter> weights, Parameters variables) {
    this.decay = decay;
    this.weights = List.copyOf(weights);
    weights.forEach(weight -> averages.add(variables.addCopy(weight.name() + SUFFIX, weight)));
  }

  /**
   * Takes every weight into its average.
   *
   * @param tf whose operations wait until the weights are updated, and are not run if they are not
   * @param step scalar int64, counts from 0
   * @return an operation that is done when all are taken
   */
  Op update(Ops tf, Operand<TInt64> step) {
    Operand<TFloat64> t = tf.dtypes.cast(step, TFloat64.class);
    Operand<TFloat64> early =
        tf.math.div(tf.math.add(t, tf.constant(1.0)), tf.math.add(t, tf.constant(10.0)));
    Operand<TFloat32> share =
        tf.dtypes.cast(
            tf.math.sub(tf.constant(1.0), tf.math.minimum(tf.constant(decay), early)),
            TFloat32.class);
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Operand<TFloat32> weight = tf.readVariableOp(weights.get(i).handle(), TFloat32.class);
      Operand<TFloat32> average = tf.readVariableOp(averages.get(i).handle(), TFloat32.class);
      updates.add(
          tf.assignSubVariableOp(
              averages.get(i).handle(), tf.math.mul(tf.math.sub(average, weight), share)));
    }
    return tf.withControlDependencies(updates).noOp();
  }

  /** Gives every weight the value of its average, and the average that of its weight. */
  Op exchange(Ops tf) {
    List<Op> exchanges = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Operand<TFloat32> weight = tf.readVariableOp(weights.get(i).handle(), TFloat32.class);
      Operand<TFloat32> average = tf.readVariableOp(averages.get(i).handle(), TFloat32.class);
      Ops both = tf.withControlDependencies(List.of(weight, average));
      exchanges.add(both.assignVariableOp(weights.get(i).handle(), average));
      exchanges.add(both.assignVariableOp(averages.get(i).handle(), weight));
    }
    return tf.withControlDependencies(exchanges).noOp();
  }
}
