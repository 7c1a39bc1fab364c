package org.vnca.graph.vae;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.description.NoDescription;
import org.vnca.graph.spec.LikelihoodSpec;

/** p(x|z), read from the first channels of the decoder's last map. */
public interface Likelihood {

  /**
   * Makes the distribution that a model asks for.
   *
   * @param imageChannels channels of the images
   * @param seed from which draws follow that are not handed in
   */
  static Likelihood of(LikelihoodSpec spec, int imageChannels, long seed) {
    return Likelihoods.all().make((Record) spec, kind -> kind.make(spec, imageChannels, seed));
  }

  /**
   * The log-probability of images.
   *
   * @param states {@code [B, H, W, C]} float32
   * @param x images {@code [B, H, W, channels]} float32 in [0, 1]
   * @return log p(x|z) in nats, summed over the image, {@code [B]}
   */
  Operand<TFloat32> logProbability(Ops tf, Operand<TFloat32> states, Operand<TFloat32> x);

  /**
   * The mean image; it depends on an image's states alone, also where it is estimated.
   *
   * @param states {@code [..., H, W, C]} float32
   * @return {@code [..., H, W, channels]} float32 in [0, 1]
   */
  Operand<TFloat32> mean(Ops tf, Operand<TFloat32> states);

  /**
   * How its images follow from the states, for programs without TensorFlow.
   *
   * @throws NoDescription if it does not say
   */
  default Description description() {
    throw NoDescription.of("likelihood", getClass());
  }

  /** How many uniform numbers {@link #sample} needs for each pixel. */
  int draws();

  /**
   * A sampled image.
   *
   * @param states {@code [..., H, W, C]} float32
   * @param uniform uniform in [0, 1), {@code [..., H, W, draws]}; leading axes are broadcast
   * @return {@code [..., H, W, channels]} float32 in [0, 1]
   */
  Operand<TFloat32> sample(Ops tf, Operand<TFloat32> states, Operand<TFloat32> uniform);
}
