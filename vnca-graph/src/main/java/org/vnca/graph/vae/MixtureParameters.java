package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The parameters of a mixture of logistics at every pixel, in the scale of pixels from -1 to 1.
 *
 * <p>In the states they lie one behind the other: L logits; then for each channel of the image L
 * means, L log-scales and, for RGB, L coefficients.
 *
 * @param logits of the mixture, {@code [..., L]}
 * @param means for each channel of the image {@code [..., L]}
 * @param logScales the same, at least {@value #LEAST_LOG_SCALE}
 * @param coefficients empty for grey; of red in green, red in blue, green in blue, each {@code
 *     [..., L]} in (-1, 1)
 */
record MixtureParameters(
    Operand<TFloat32> logits,
    List<Operand<TFloat32>> means,
    List<Operand<TFloat32>> logScales,
    List<Operand<TFloat32>> coefficients) {
  private static final float LEAST_LOG_SCALE = -7;
  private static final float MOST_LOG_SCALE = 7;
  private static final float MOST_MEAN = 100;
  private static final float GREATEST_LOG_SCALE = 80;

  /**
   * Reads them.
   *
   * @param states {@code [..., C]}
   * @param imageChannels 1 or 3
   * @param channels how many channels of the states they take
   */
  static MixtureParameters of(Ops tf, Operand<TFloat32> states, int imageChannels, int channels) {
    int kinds = imageChannels == 1 ? 2 : 3;
    Operand<TFloat32> all = tf.stridedSlice(states, Indices.ellipsis(), Indices.sliceTo(channels));
    List<Output<TFloat32>> parts =
        tf.split(tf.constant(-1), all, 1L + (long) kinds * imageChannels).output();
    List<Operand<TFloat32>> means = new ArrayList<>();
    List<Operand<TFloat32>> logScales = new ArrayList<>();
    List<Operand<TFloat32>> coefficients = new ArrayList<>();
    for (int c = 0; c < imageChannels; c++) {
      int first = 1 + kinds * c;
      means.add(parts.get(first));
      logScales.add(tf.math.maximum(parts.get(first + 1), tf.constant(LEAST_LOG_SCALE)));
      if (kinds == 3) {
        coefficients.add(tf.math.tanh(parts.get(first + 2)));
      }
    }
    return new MixtureParameters(parts.get(0), means, logScales, coefficients);
  }

  /**
   * The mean of a channel given the values of those before it.
   *
   * @param values of the channels before, in [-1, 1]
   */
  Operand<TFloat32> mean(Ops tf, int channel, List<Operand<TFloat32>> values) {
    Operand<TFloat32> mean = means.get(channel);
    for (int before = 0; before < channel; before++) {
      Operand<TFloat32> coefficient = coefficients.get(channel + before - 1);
      mean = tf.math.add(mean, tf.math.mul(coefficient, values.get(before)));
    }
    return mean;
  }

  /**
   * The scale of a channel, so far as numbers hold: beyond {@value #GREATEST_LOG_SCALE} it would
   * soon be infinite, and infinity times 0 is no number. So wide a logistic is clipped to -1 or 1
   * anyway.
   */
  Operand<TFloat32> scale(Ops tf, int channel) {
    return tf.math.exp(tf.math.minimum(logScales.get(channel), tf.constant(GREATEST_LOG_SCALE)));
  }

  /** The same with means within {@value #MOST_MEAN} of 0 and log-scales up to 7. */
  MixtureParameters clipped(Ops tf) {
    return new MixtureParameters(
        logits,
        means.stream()
            .<Operand<TFloat32>>map(
                mean ->
                    tf.math.maximum(
                        tf.math.minimum(mean, tf.constant(MOST_MEAN)), tf.constant(-MOST_MEAN)))
            .toList(),
        logScales.stream()
            .<Operand<TFloat32>>map(s -> tf.math.minimum(s, tf.constant(MOST_LOG_SCALE)))
            .toList(),
        coefficients);
  }

  /** The same with every tensor mapped. */
  MixtureParameters map(UnaryOperator<Operand<TFloat32>> each) {
    return new MixtureParameters(
        each.apply(logits),
        means.stream().map(each).toList(),
        logScales.stream().map(each).toList(),
        coefficients.stream().map(each).toList());
  }
}
