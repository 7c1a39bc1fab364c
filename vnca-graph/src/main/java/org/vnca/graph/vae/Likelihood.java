package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.spec.LikelihoodSpec;

/** p(x|z), read from the first channels of the last cell states. */
public interface Likelihood {

  /** Makes the distribution that a model asks for. */
  static Likelihood of(LikelihoodSpec spec) {
    return switch (spec.parameterChannels()) {
      case 1 -> new Bernoulli();
      default -> throw new IllegalArgumentException("no likelihood for " + spec);
    };
  }

  /**
   * The log-probability of images.
   *
   * @param states {@code [B, H, W, C]} float32
   * @param x images {@code [B, H, W, channels]} float32
   * @return log p(x|z) in nats, summed over the image, {@code [B]}
   */
  Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x);

  /**
   * The mean image.
   *
   * @param states {@code [..., H, W, C]} float32
   * @return {@code [..., H, W, channels]} float32 in [0, 1]
   */
  Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states);

  /**
   * A sampled image.
   *
   * @param states {@code [B, H, W, C]} float32
   * @param uniform uniform in [0, 1), of the shape of the images
   * @return {@code [B, H, W, channels]} float32 in [0, 1]
   */
  Operand<TFloat32> sample(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform);
}
