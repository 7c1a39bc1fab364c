package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Loop;

/**
 * The expectation of a pixel under a mixture of logistics whose values are clipped to [-1, 1].
 *
 * <p>A clipped logistic alone has a closed form. Green depends on the clipped red, and blue on
 * both: over those the expectation is an integral over the quantiles of the part that is not
 * clipped; the two ends, which have a mass of their own, are exact. The integrand has bends where a
 * mean that depends on the variable passes -1 or 1, and the quantiles have logarithms at their
 * ends. So the quantiles are cut at the bends, and each piece is taken by Takahasi and Mori's rule
 * (1974), which does not mind what happens at a piece's ends. The error is below 1e-4 of the
 * pixel's range, a fortieth of a level.
 */
final class MixtureMean {
  /** Nodes of a piece. */
  private static final int COUNT = 11;

  /** Distance of the nodes before they are mapped to [0, 1]. */
  private static final double STEP = 0.5;

  /** On [0, 1]; the distance of each from 1 is the one from the other end. */
  private static final float[] NODES = new float[COUNT];

  private static final float[] MIRRORED = new float[COUNT];

  private static final float[] WEIGHTS = new float[COUNT];

  static {
    double[] weights = new double[COUNT];
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      double place = (i - (COUNT - 1) / 2) * STEP;
      double t = Math.PI / 2 * Math.sinh(place);
      NODES[i] = (float) (1 / (1 + Math.exp(-2 * t)));
      MIRRORED[COUNT - 1 - i] = NODES[i];
      weights[i] = Math.cosh(place) / Math.pow(Math.cosh(t), 2);
      sum += weights[i];
    }
    for (int i = 0; i < COUNT; i++) {
      WEIGHTS[i] = (float) (weights[i] / sum);
    }
  }

  private final MixtureParameters parameters;

  MixtureMean(MixtureParameters parameters) {
    this.parameters = parameters;
  }

  /** The expectation, {@code [..., channels]} in [-1, 1]. */
  Operand<TFloat32> expectation(Ops tf) {
    Operand<TFloat32> red = clippedMean(tf, parameters.means().get(0), width(tf, 0));
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
    Operand<TFloat32> redBends = redBends(tf);
    Points red = Points.of(tf, parameters.means().get(0), width(tf, 0), redBends);
    List<Operand<TFloat32>> means = parameters.means();
    List<Operand<TFloat32>> coefficients = parameters.coefficients();
    Width greenWidth = width(tf, 1);
    Width blueWidth = width(tf, 2).pointwise(tf);
    Operand<TFloat32> zeros = tf.zerosLike(means.get(0));
    Loop loop = new Loop(tf, "red", red.count(tf));
    Ops body = loop.tf();
    Loop.Variable<TFloat32> greenSum = loop.variable(zeros);
    Loop.Variable<TFloat32> blueSum = loop.variable(zeros);
    Operand<TFloat32> value = body.gather(red.values, loop.t(), body.constant(-1));
    Operand<TFloat32> weight = body.gather(red.weights, loop.t(), body.constant(-1));
    Operand<TFloat32> greenMean = plus(body, means.get(1), coefficients.get(0), value);
    Operand<TFloat32> blueMean = plus(body, means.get(2), coefficients.get(1), value);
    Operand<TFloat32> green = clippedMean(body, greenMean, greenWidth);
    Points points =
        Points.of(
            body,
            greenMean,
            greenWidth,
            beside(body, crossings(body, blueMean, coefficients.get(2))));
    Operand<TFloat32> blue = blue(body, points, blueMean, coefficients.get(2), blueWidth);
    greenSum.next(plus(body, greenSum.now(), weight, green));
    blueSum.next(plus(body, blueSum.now(), weight, blue));
    loop.end();
    return List.of(greenSum.last(), blueSum.last());
  }

  /**
   * Where the expectations of green and blue bend as red grows: where green's mean passes an end,
   * and blue's with green at one of its ends or at its mean.
   */
  private Operand<TFloat32> redBends(Ops tf) {
    Operand<TFloat32> green = parameters.means().get(1);
    Operand<TFloat32> blue = parameters.means().get(2);
    Operand<TFloat32> inGreen = parameters.coefficients().get(0);
    Operand<TFloat32> inBlue = parameters.coefficients().get(1);
    Operand<TFloat32> ofGreen = parameters.coefficients().get(2);
    List<Operand<TFloat32>> bends = new ArrayList<>(crossings(tf, green, inGreen));
    bends.addAll(crossings(tf, tf.math.add(blue, ofGreen), inBlue));
    bends.addAll(crossings(tf, tf.math.sub(blue, ofGreen), inBlue));
    bends.addAll(crossings(tf, plus(tf, blue, ofGreen, green), plus(tf, inBlue, ofGreen, inGreen)));
    return beside(tf, bends);
  }

  /** Where mean + slope t is -1 and 1; anywhere if the slope is 0. */
  private static List<Operand<TFloat32>> crossings(
      Ops tf, Operand<TFloat32> mean, Operand<TFloat32> slope) {
    return List.of(
        tf.math.divNoNan(tf.math.sub(tf.constant(-1f), mean), slope),
        tf.math.divNoNan(tf.math.sub(tf.constant(1f), mean), slope));
  }

  private static Operand<TFloat32> beside(Ops tf, List<Operand<TFloat32>> values) {
    return tf.stack(values, Stack.axis(-1L));
  }

  /**
   * The expectation of blue for one value of red, over green.
   *
   * @param width of blue, {@code [..., L, 1]}
   */
  private static Operand<TFloat32> blue(
      Ops tf, Points green, Operand<TFloat32> mean, Operand<TFloat32> coefficient, Width width) {
    Operand<TFloat32> given =
        plus(tf, pointwise(tf, mean), pointwise(tf, coefficient), green.values);
    Operand<TFloat32> blue = clippedMean(tf, given, width);
    return tf.reduceSum(tf.math.mul(green.weights, blue), tf.constant(-1));
  }

  /**
   * The mean of a logistic variable clipped to [-1, 1]: -1 + the integral of P(X > t) over it,
   * which is s (softplus((m + 1) / s) - softplus((m - 1) / s)).
   *
   * <p>For wide logistics by ln((1 + e^upper) / (1 + e^lower)), without the difference of near
   * equals. For narrow ones the linear parts of the two softplus are taken out, which make the
   * clipped m, so that nothing cancels where m is far away.
   */
  static Operand<TFloat32> clippedMean(Ops tf, Operand<TFloat32> mean, Width width) {
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> two = tf.constant(2f);
    Operand<TFloat32> upper = tf.math.mul(tf.math.add(mean, one), width.inverse);
    Operand<TFloat32> lower = tf.math.mul(tf.math.sub(mean, one), width.inverse);
    // Positive, so that it can be divided by; the quotient is the limit long before.
    Operand<TFloat32> between =
        tf.math.maximum(tf.math.mul(width.inverse, two), tf.constant(1e-30f));
    Operand<TFloat32> integral =
        tf.math.log1p(
            tf.math.mul(tf.math.expm1(tf.math.minimum(between, one)), tf.math.sigmoid(lower)));
    Operand<TFloat32> wide = tf.math.sub(tf.math.mul(tf.math.div(integral, between), two), one);
    Operand<TFloat32> rounded =
        tf.math.mul(tf.math.sub(bend(tf, upper), bend(tf, lower)), tf.math.div(two, between));
    Operand<TFloat32> narrow = tf.math.add(tf.clipByValue(mean, tf.constant(-1f), one), rounded);
    return tf.select(tf.math.less(between, one), wide, narrow);
  }

  /** What softplus(a) has more than max(a, 0). */
  private static Operand<TFloat32> bend(Ops tf, Operand<TFloat32> a) {
    return tf.math.log1p(tf.math.exp(tf.math.neg(tf.math.abs(a))));
  }

  private Width width(Ops tf, int channel) {
    return new Width(
        tf.math.exp(tf.math.neg(parameters.logScales().get(channel))),
        parameters.scale(tf, channel));
  }

  /**
   * How wide logistics are. A learned log-scale has no upper bound, and its exponential overflows.
   *
   * @param inverse 1 / scale, from 0 to e^7: 0 where the scale is greater than float32 holds
   * @param scale as {@link MixtureParameters#scale} bounds it
   */
  record Width(Operand<TFloat32> inverse, Operand<TFloat32> scale) {
    Width pointwise(Ops tf) {
      return new Width(MixtureMean.pointwise(tf, inverse), MixtureMean.pointwise(tf, scale));
    }
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

    /**
     * Takes a variable apart.
     *
     * @param means {@code [..., L]}
     * @param widths {@code [..., L]}
     * @param bends where the pieces end, {@code [..., L, K]}, in any order; K is known
     */
    static Points of(Ops tf, Operand<TFloat32> means, Width widths, Operand<TFloat32> bends) {
      Operand<TFloat32> one = tf.constant(1f);
      Operand<TFloat32> mean = pointwise(tf, means);
      Width width = widths.pointwise(tf);
      Operand<TFloat32> ones = tf.onesLike(mean);
      Operand<TInt32> last = tf.constant(-1);
      Operand<TFloat32> within = tf.clipByValue(tf.math.neg(bends), tf.constant(-1f), one);
      Operand<TInt32> count = tf.stridedSlice(tf.shape(within), Indices.at(-1));
      Operand<TFloat32> rising = tf.math.neg(tf.nn.topK(within, count, TInt32.class).values());
      // [..., L, K + 1]
      Operand<TFloat32> from = tf.concat(List.of(tf.math.neg(ones), rising), last);
      Operand<TFloat32> to = tf.concat(List.of(rising, ones), last);
      Operand<TFloat32> below =
          tf.math.sigmoid(tf.math.mul(tf.math.sub(from, mean), width.inverse));
      Operand<TFloat32> above = tf.math.sigmoid(tf.math.mul(tf.math.sub(mean, to), width.inverse));
      // s(b) - s(a) = s(b) s(-a) (1 - exp(a - b)), which does not cancel in a tail.
      Operand<TFloat32> mass =
          tf.math.mul(
              tf.math.mul(
                  tf.math.sigmoid(tf.math.mul(tf.math.sub(to, mean), width.inverse)),
                  tf.math.sigmoid(tf.math.mul(tf.math.sub(mean, from), width.inverse))),
              tf.math.neg(tf.math.expm1(tf.math.mul(tf.math.sub(from, to), width.inverse))));
      Operand<TFloat32> masses = pointwise(tf, mass);
      // The quantile and its distance from 1, each without a difference.
      Operand<TFloat32> u = plus(tf, pointwise(tf, below), masses, tf.constant(NODES));
      Operand<TFloat32> rest = plus(tf, pointwise(tf, above), masses, tf.constant(MIRRORED));
      Operand<TFloat32> logistic = tf.math.sub(tf.math.log(u), tf.math.log(rest));
      Operand<TFloat32> values =
          tf.math.maximum(
              tf.math.minimum(
                  plus(tf, pointwise(tf, mean), pointwise(tf, width.scale), logistic),
                  pointwise(tf, to)),
              pointwise(tf, from));
      Operand<TFloat32> weights = tf.math.mul(masses, tf.constant(WEIGHTS));
      Operand<TInt32> flat =
          tf.concat(List.of(tf.shape(means), tf.constant(new int[] {-1})), tf.constant(0));
      Operand<TFloat32> atLow =
          tf.math.sigmoid(tf.math.neg(tf.math.mul(tf.math.add(mean, one), width.inverse)));
      Operand<TFloat32> atHigh =
          tf.math.sigmoid(tf.math.mul(tf.math.sub(mean, one), width.inverse));
      return new Points(
          tf.concat(List.of(tf.reshape(values, flat), tf.math.neg(ones), ones), last),
          tf.concat(List.of(tf.reshape(weights, flat), atLow, atHigh), last));
    }

    Operand<TInt32> count(Ops tf) {
      return tf.stridedSlice(tf.shape(values), Indices.at(-1));
    }
  }
}
