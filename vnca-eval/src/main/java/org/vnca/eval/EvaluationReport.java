package org.vnca.eval;

/**
 * A bound on log p(x) over a split; nats per image, averaged over the images, as log-likelihoods,
 * so that higher is better.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param split which images
 * @param images how many
 * @param samples n, importance samples of each
 * @param bound the bound that {@code nats} is: {@code iwae}
 * @param nats importance-weighted bound (Burda et al. 2015)
 * @param natsStandardError standard error of the mean over images
 * @param bitsPerDim -nats / (H W channels ln 2), of the images as the model sees them (padded)
 * @param elboNats evidence lower bound: reconstruction - KL
 * @param reconstructionNats log p(x|z), averaged over samples
 * @param klNats KL(q(z|x) || p(z))
 * @param seconds wall time of the measuring
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
    double seconds) {}
