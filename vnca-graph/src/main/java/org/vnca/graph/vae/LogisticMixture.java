package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.graph.description.Description;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.LikelihoodSpec;

/**
 * A discretized mixture of logistics (Salimans et al. 2017, section 2), as the authors' program has
 * it: a level's mass is the logistic's over its bin, the outermost levels have the tails.
 */
final class LogisticMixture implements Likelihood {
  /** Half the width of a bin, where pixels are from -1 to 1. */
  private static final float HALF_BIN = 1 / 255f;

  /** Beyond it a pixel is of the outermost level. */
  private static final float EDGE = 0.999f;

  /** The logarithm of the mass below which the density at the bin's centre stands for it. */
  private static final float LEAST_LOG_MASS = (float) Math.log(1e-5);

  /** The logarithm of 1 / the width of a bin, as the authors have it (255 / 2). */
  private static final float LOG_BINS = (float) Math.log(127.5);

  /** Uniform numbers are kept this far from 0 and 1, as far as the authors draw them. */
  private static final float MARGIN = 1e-5f;

  private final int components;
  private final int channels;
  private final int parameterChannels;
  private final int meanSamples;
  private final boolean clip;
  private final long seed;

  LogisticMixture(LikelihoodSpec.LogisticMixture spec, int imageChannels, long seed) {
    this.components = spec.components();
    this.channels = imageChannels;
    this.parameterChannels = spec.parameterChannels(imageChannels);
    this.meanSamples = spec.meanSamples();
    this.clip = spec.clip();
    this.seed = seed;
  }

  @Override
  public Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
    return tf.reduceSum(perPixel(tf, states, x), tf.constant(new int[] {1, 2}));
  }

  /** log p of every pixel, nats, {@code [B, H, W]}. */
  Operand<TFloat32> perPixel(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x) {
    MixtureParameters parameters = parameters(tf, states);
    List<Operand<TFloat32>> values = new ArrayList<>();
    for (Output<TFloat32> channel : tf.split(tf.constant(-1), x, (long) channels).output()) {
      values.add(tf.math.sub(tf.math.mul(channel, tf.constant(2f)), tf.constant(1f)));
    }
    // Not nn.logSoftmax: its gradient sums over axis 1, whatever the rank (TensorFlow Java 1.1.0).
    Operand<TFloat32> logits = parameters.logits();
    Operand<TFloat32> joint = tf.math.sub(logits, logSumExp(tf, logits));
    for (int c = 0; c < channels; c++) {
      Operand<TFloat32> mean = parameters.mean(tf, c, values);
      joint = tf.math.add(joint, logMass(tf, values.get(c), mean, parameters.logScales().get(c)));
    }
    return tf.squeeze(logSumExp(tf, joint), Squeeze.axis(List.of(-1L)));
  }

  /**
   * The logarithm of a level's mass, {@code [B, H, W, L]}.
   *
   * <p>With a and b the standardized ends of the bin, the mass is s(a) - s(b), s being the logistic
   * function; here as s(a) s(-b) (1 - exp(b - a)), which does not cancel. The outermost levels lack
   * one factor and the last.
   *
   * @param value {@code [B, H, W, 1]}
   * @param mean {@code [B, H, W, L]}
   * @param logScale {@code [B, H, W, L]}
   */
  private static Operand<TFloat32> logMass(
      Ops tf, Operand<TFloat32> value, Operand<TFloat32> mean, Operand<TFloat32> logScale) {
    Operand<TFloat32> inverse = tf.math.exp(tf.math.neg(logScale));
    Operand<TFloat32> centered = tf.math.sub(value, mean);
    Operand<TFloat32> halfBin = tf.constant(HALF_BIN);
    Operand<TFloat32> a = tf.math.mul(inverse, tf.math.add(centered, halfBin));
    Operand<TFloat32> b = tf.math.mul(inverse, tf.math.sub(centered, halfBin));
    Operand<TFloat32> below = tf.math.neg(tf.math.softplus(tf.math.neg(a)));
    Operand<TFloat32> above = tf.math.neg(tf.math.softplus(b));
    Operand<TFloat32> bin = tf.math.add(tf.math.add(below, above), logOneMinusExp(tf, inverse));

    Operand<TFloat32> middle = tf.math.mul(inverse, centered);
    Operand<TFloat32> logDensity =
        tf.math.sub(
            tf.math.sub(middle, logScale), tf.math.mul(tf.constant(2f), tf.math.softplus(middle)));
    Operand<TFloat32> inner =
        tf.select(
            tf.math.greater(bin, tf.constant(LEAST_LOG_MASS)),
            bin,
            tf.math.sub(logDensity, tf.constant(LOG_BINS)));
    return tf.select(
        tf.math.less(value, tf.constant(-EDGE)),
        below,
        tf.select(tf.math.greater(value, tf.constant(EDGE)), above, inner));
  }

  /**
   * ln(1 - exp(-d)) for the standardized width d of a bin. A d under 1e-6 cannot have the mass for
   * which this is used: bounded there, so that no infinite value or gradient arises in a branch
   * that is not taken.
   */
  private static Operand<TFloat32> logOneMinusExp(Ops tf, Operand<TFloat32> inverseScale) {
    Operand<TFloat32> width =
        tf.math.maximum(tf.math.mul(inverseScale, tf.constant(2 * HALF_BIN)), tf.constant(1e-6f));
    return tf.math.log(tf.math.neg(tf.math.expm1(tf.math.neg(width))));
  }

  /** Over the last axis, which stays with length 1. */
  private static Operand<TFloat32> logSumExp(Ops tf, Operand<TFloat32> values) {
    return FrameworkOps.create(tf).math.reduceLogSumExp(values, new int[] {-1}, true);
  }

  @Override
  public Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states) {
    return meanSamples == 0
        ? toUnit(tf, new MixtureMean(parameters(tf, states)).expectation(tf))
        : averageOfSamples(tf, states);
  }

  /** The same noise for every image, so that an image's mean does not depend on the others. */
  private Operand<TFloat32> averageOfSamples(Ops tf, Operand<TFloat32> states) {
    Operand<TInt32> cells = tf.stridedSlice(tf.shape(states), Indices.slice(-3, -1));
    Operand<TInt32> noise =
        tf.concat(List.of(cells, tf.constant(new int[] {draws()})), tf.constant(0));
    Operand<TFloat32> nothing =
        tf.zerosLike(tf.stridedSlice(states, Indices.ellipsis(), Indices.sliceTo(channels)));
    Loop loop = new Loop(tf, "mean", tf.constant(meanSamples));
    Ops body = loop.tf();
    Loop.Variable<TFloat32> sum = loop.variable(nothing);
    Operand<TFloat32> uniform =
        Stream.MEAN_IMAGE.uniform(body, noise, seed, body.dtypes.cast(loop.t(), TInt64.class));
    sum.next(body.math.add(sum.now(), sample(body, states, uniform)));
    loop.end();
    return tf.math.div(sum.last(), tf.constant((float) meanSamples));
  }

  @Override
  public Description description() {
    return Description.of("logistic-mixture")
        .with("channels", channels)
        .with("components", components)
        .with("clip", clip)
        .with("meanSamples", meanSamples);
  }

  /** L numbers to draw the component, then one for each channel. */
  @Override
  public int draws() {
    return components + channels;
  }

  @Override
  public Operand<TFloat32> sample(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform) {
    Operand<TFloat32> u = tf.clipByValue(uniform, tf.constant(MARGIN), tf.constant(1 - MARGIN));
    MixtureParameters all = parameters(tf, states);
    Operand<TFloat32> chosen =
        tf.oneHot(component(tf, all, u), tf.constant(components), tf.constant(1f), tf.constant(0f));
    MixtureParameters parameters =
        all.map(
            each ->
                tf.reduceSum(tf.math.mul(each, chosen), tf.constant(-1), ReduceSum.keepDims(true)));
    List<Operand<TFloat32>> values = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      int draw = components + c;
      Operand<TFloat32> own = tf.stridedSlice(u, Indices.ellipsis(), Indices.slice(draw, draw + 1));
      Operand<TFloat32> logistic =
          tf.math.sub(tf.math.log(own), tf.math.log(tf.math.sub(tf.constant(1f), own)));
      Operand<TFloat32> noise = tf.math.mul(parameters.scale(tf, c), logistic);
      values.add(
          tf.clipByValue(
              tf.math.add(parameters.mean(tf, c, values), noise),
              tf.constant(-1f),
              tf.constant(1f)));
    }
    return toUnit(tf, joined(tf, values));
  }

  /**
   * A component for each pixel by the Gumbel trick.
   *
   * @param uniform in (0, 1), {@code [..., H, W, draws]}
   * @return {@code [..., H, W]} int64
   */
  Operand<TInt64> component(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform) {
    return component(tf, parameters(tf, states), uniform);
  }

  private Operand<TInt64> component(
      Ops tf, MixtureParameters parameters, Operand<TFloat32> uniform) {
    Operand<TFloat32> own =
        tf.stridedSlice(uniform, Indices.ellipsis(), Indices.sliceTo(components));
    Operand<TFloat32> gumbel = tf.math.neg(tf.math.log(tf.math.neg(tf.math.log(own))));
    return tf.math.argMax(tf.math.add(parameters.logits(), gumbel), tf.constant(-1));
  }

  private MixtureParameters parameters(Ops tf, Operand<TFloat32> states) {
    MixtureParameters read = MixtureParameters.of(tf, states, channels, parameterChannels);
    return clip ? read.clipped(tf) : read;
  }

  /** Channels side by side. */
  static Operand<TFloat32> joined(Ops tf, List<Operand<TFloat32>> channels) {
    return channels.size() == 1 ? channels.get(0) : tf.concat(channels, tf.constant(-1));
  }

  private static Operand<TFloat32> toUnit(Ops tf, Operand<TFloat32> value) {
    return tf.math.mul(tf.math.add(value, tf.constant(1f)), tf.constant(0.5f));
  }
}
