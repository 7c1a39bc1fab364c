package org.vnca.eval;

import java.util.List;

/**
 * A bound on log p(x) over a split; nats per image, averaged over the images, as log-likelihoods,
 * so that higher is better. Bits per dimension are -nats / (H W channels ln 2), of the images as
 * the model sees them (padded); those of the KL are positive, too. A standard error is that of the
 * mean over images.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param split which images
 * @param images how many
 * @param samples n, importance samples of each; the most, if there are several numbers
 * @param bound the bound that {@code nats} is: {@code iwae}
 * @param nats importance-weighted bound (Burda et al. 2016) with {@code samples} samples
 * @param natsStandardError of {@code nats}
 * @param bitsPerDim of {@code nats}
 * @param elboNats evidence lower bound: reconstruction - KL
 * @param reconstructionNats log p(x|z), averaged over all samples
 * @param klNats KL(q(z|x) || p(z))
 * @param seconds wall time of the measuring; of the last part, if it was resumed
 * @param elboNatsStandardError of {@code elboNats}
 * @param reconstructionNatsStandardError of {@code reconstructionNats}
 * @param klNatsStandardError of {@code klNats}
 * @param elboBitsPerDim of {@code elboNats}
 * @param reconstructionBitsPerDim of {@code reconstructionNats}
 * @param klBitsPerDim klNats / (H W channels ln 2)
 * @param bounds the importance-weighted bound for each number of samples, ascending; fewer samples
 *     are the first of the many
 * @param activeUnits latent units whose posterior mean has a variance over images above 0.01 (Burda
 *     et al. 2016)
 * @param latentUnits Z
 * @param seed of every draw
 * @param perImage file beside the report with the values of each image
 * @param furtherSteps of each decoding on the last grid, beyond those that the descriptor says
 * @param weights that were measured: {@code average}, or {@code trained}
 */
public record EvaluationReport(
    String run,
    long step,
    String split,
    int images,
    int samples,
    String bound,
    double nats,
    double natsStandardError,
    double bitsPerDim,
    double elboNats,
    double reconstructionNats,
    double klNats,
    double seconds,
    double elboNatsStandardError,
    double reconstructionNatsStandardError,
    double klNatsStandardError,
    double elboBitsPerDim,
    double reconstructionBitsPerDim,
    double klBitsPerDim,
    List<Bound> bounds,
    int activeUnits,
    int latentUnits,
    long seed,
    String perImage,
    int furtherSteps,
    String weights) {

  public EvaluationReport {
    bounds = List.copyOf(bounds);
  }

  /**
   * The importance-weighted bound for one number of samples.
   *
   * @param samples n
   * @param nats mean over images
   * @param natsStandardError of {@code nats}
   * @param bitsPerDim of {@code nats}
   */
  public record Bound(int samples, double nats, double natsStandardError, double bitsPerDim) {}
}
