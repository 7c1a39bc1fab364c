package org.vnca.train.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Values averaged over images, in nats per image; log-likelihoods, so higher is better.
 *
 * @param images how many were measured
 * @param samples importance samples of each
 * @param nats importance-weighted bound on log p(x)
 * @param natsStandardError of {@code nats} as an estimate of the split's mean: the images' standard
 *     deviation over the root of their number; NaN for one image
 * @param bitsPerDim -nats / (H W channels ln 2), of the images as the model sees them
 * @param elboNats evidence lower bound
 * @param reconstructionNats log p(x|z), averaged over samples
 * @param klNats KL(q(z|x) || p(z))
 */
public record BoundSummary(
    int images,
    int samples,
    double nats,
    double natsStandardError,
    double bitsPerDim,
    double elboNats,
    double reconstructionNats,
    double klNats) {

  /**
   * Averages.
   *
   * @param dimensions H W channels of an image as the model sees it
   * @throws IllegalArgumentException if there are no images
   */
  public static BoundSummary of(List<ImageBound> images, int samples, int dimensions) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("a bound needs at least 1 image, but there is none");
    }
    double nats = mean(images, ImageBound::nats);
    double squares = mean(images, image -> Math.pow(image.nats() - nats, 2));
    return new BoundSummary(
        images.size(),
        samples,
        nats,
        images.size() == 1 ? Double.NaN : Math.sqrt(squares / (images.size() - 1)),
        -nats / (dimensions * Math.log(2)),
        mean(images, ImageBound::elboNats),
        mean(images, ImageBound::reconstructionNats),
        mean(images, ImageBound::klNats));
  }

  private static double mean(List<ImageBound> images, ToDoubleFunction<ImageBound> value) {
    return images.stream().mapToDouble(value).average().orElseThrow();
  }
}
