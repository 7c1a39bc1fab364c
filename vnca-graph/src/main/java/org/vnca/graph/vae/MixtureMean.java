package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Loop;

/**
 * The expectation of a pixel under a mixture of logistics whose values are clipped to [-1, 1].
 *
 * <p>A clipped logistic alone has a closed form. Green depends on the clipped red, and blue on
 * both: over those the expectation is an integral, taken by Gauss and Legendre's rule over the part
 * that is not clipped, and exactly at the two ends, which have a mass of their own. The error is
 * below a quarter of a level (1e-3 of the pixel's range), and far below for common parameters.
 */
final class MixtureMean {
  /** Nodes of the rule on [0, 1] and their weights (Abramowitz &amp; Stegun 1964, table 25.4). */
  private static final float[] NODES = {
    0.019855073f, 0.10166676f, 0.23723379f, 0.40828267f,
    0.5917173f, 0.7627662f, 0.89833325f, 0.9801449f
  };

  private static final float[] WEIGHTS = {
    0.050614268f, 0.11119052f, 0.15685332f, 0.18134189f,
    0.18134189f, 0.15685332f, 0.11119052f, 0.050614268f
  };

  /** Values that stand for a clipped logistic: the nodes, then both ends. */
  private static final int POINTS = NODES.length + 2;

  private final MixtureParameters parameters;

  MixtureMean(MixtureParameters parameters) {
    this.parameters = parameters;
  }

  /** The expectation, {@code [..., channels]} in [-1, 1]. */
  Operand<TFloat32> expectation(Ops tf) {
    Operand<TFloat32> red = clippedMean(tf, parameters.means().get(0), scale(tf, 0));
    List<Operand<TFloat32>> means = new ArrayList<>(List.of(red));
    if (parameters.means().size() == 3) {
      means.addAll(greenAndBlue(tf));
    }
    Operand<TFloat32> shares = tf.nn.softmax(parameters.logits());
    List<Operand<TFloat32>> mixed = new ArrayList<>();
    for (Operand<TFloat32> mean : means) {
      mixed.add(tf.reduceSum(tf.math.mul(shares, mean), tf.constant(-1), ReduceSum.keepDims(true)));
    }
    return LogisticMixture.joined(tf, mixed);
  }

  /** The expectations of green and blue in each component, each {@code [..., L]}. */
  private List<Operand<TFloat32>> greenAndBlue(Ops tf) {
    Points red = Points.of(tf, parameters.means().get(0), scale(tf, 0));
    List<Operand<?>> constants = new ArrayList<>(List.of(red.values, red.weights));
    constants.addAll(List.of(parameters.means().get(1), scale(tf, 1)));
    constants.addAll(List.of(parameters.means().get(2), scale(tf, 2)));
    constants.addAll(parameters.coefficients());
    Operand<TFloat32> zeros = tf.zerosLike(parameters.means().get(0));
    List<Operand<?>> sums =
        Loop.run(
            tf,
            "red",
            tf.constant(POINTS),
            List.of(zeros, zeros),
            constants,
            (body, i, before, outer) -> {
              List<Operand<TFloat32>> in = Loop.typed(outer);
              Operand<TFloat32> value = body.gather(in.get(0), i, body.constant(-1));
              Operand<TFloat32> weight = body.gather(in.get(1), i, body.constant(-1));
              Operand<TFloat32> greenMean = plus(body, in.get(2), in.get(6), value);
              Operand<TFloat32> blueMean = plus(body, in.get(4), in.get(7), value);
              Operand<TFloat32> green = clippedMean(body, greenMean, in.get(3));
              Operand<TFloat32> blue =
                  blue(body, Points.of(body, greenMean, in.get(3)), blueMean, in.get(8), in.get(5));
              return List.of(
                  plus(body, Loop.typed(before.get(0)), weight, green),
                  plus(body, Loop.typed(before.get(1)), weight, blue));
            });
    return Loop.typed(sums);
  }

  /** The expectation of blue for one value of red, over green. */
  private static Operand<TFloat32> blue(
      Ops tf,
      Points green,
      Operand<TFloat32> mean,
      Operand<TFloat32> coefficient,
      Operand<TFloat32> scale) {
    Operand<TFloat32> given =
        plus(tf, pointwise(tf, mean), pointwise(tf, coefficient), green.values);
    Operand<TFloat32> blue = clippedMean(tf, given, pointwise(tf, scale));
    return tf.reduceSum(tf.math.mul(green.weights, blue), tf.constant(-1));
  }

  /**
   * The mean of a logistic variable clipped to [-1, 1]: -1 + the integral of P(X > t) over it,
   * which is s (softplus((m + 1) / s) - softplus((m - 1) / s)).
   */
  static Operand<TFloat32> clippedMean(Ops tf, Operand<TFloat32> mean, Operand<TFloat32> scale) {
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> upper = tf.math.div(tf.math.add(mean, one), scale);
    Operand<TFloat32> lower = tf.math.div(tf.math.sub(mean, one), scale);
    Operand<TFloat32> between = tf.math.div(tf.constant(2f), scale);
    // ln((1 + e^upper) / (1 + e^lower)): for wide logistics without the difference of near equals.
    Operand<TFloat32> wide =
        tf.math.log1p(
            tf.math.mul(tf.math.expm1(tf.math.minimum(between, one)), tf.math.sigmoid(lower)));
    Operand<TFloat32> narrow = tf.math.sub(tf.math.softplus(upper), tf.math.softplus(lower));
    Operand<TFloat32> integral = tf.select(tf.math.less(between, one), wide, narrow);
    return tf.math.sub(tf.math.mul(scale, integral), one);
  }

  private Operand<TFloat32> scale(Ops tf, int channel) {
    return tf.math.exp(parameters.logScales().get(channel));
  }

  /** a + b c. */
  private static Operand<TFloat32> plus(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, Operand<TFloat32> c) {
    return tf.math.add(a, tf.math.mul(b, c));
  }

  private static Operand<TFloat32> pointwise(Ops tf, Operand<TFloat32> values) {
    return tf.expandDims(values, tf.constant(-1));
  }

  /**
   * Values with weights that stand for a clipped logistic variable.
   *
   * @param values {@code [..., L, P]} in [-1, 1]
   * @param weights of the same shape; their sum over the last axis is 1
   */
  private record Points(Operand<TFloat32> values, Operand<TFloat32> weights) {

    static Points of(Ops tf, Operand<TFloat32> means, Operand<TFloat32> scales) {
      Operand<TFloat32> one = tf.constant(1f);
      Operand<TFloat32> mean = pointwise(tf, means);
      Operand<TFloat32> scale = pointwise(tf, scales);
      Operand<TFloat32> atLow =
          tf.math.sigmoid(tf.math.neg(tf.math.div(tf.math.add(mean, one), scale)));
      Operand<TFloat32> atHigh = tf.math.sigmoid(tf.math.div(tf.math.sub(mean, one), scale));
      Operand<TFloat32> inside = tf.math.sub(tf.math.sub(one, atHigh), atLow);
      Operand<TFloat32> u = plus(tf, atLow, inside, tf.constant(NODES));
      Operand<TFloat32> logistic = tf.math.sub(tf.math.log(u), tf.math.log(tf.math.sub(one, u)));
      Operand<TFloat32> values =
          tf.clipByValue(plus(tf, mean, scale, logistic), tf.constant(-1f), one);
      Operand<TFloat32> ones = tf.onesLike(mean);
      return new Points(
          tf.concat(List.of(values, tf.math.neg(ones), ones), tf.constant(-1)),
          tf.concat(
              List.of(tf.math.mul(inside, tf.constant(WEIGHTS)), atLow, atHigh), tf.constant(-1)));
    }
  }
}
