package org.vnca.train.measure;

/**
 * The figures of one image, in nats; log-likelihoods, so higher is better.
 *
 * @param image its index in the split
 * @param nats importance-weighted bound on log p(x)
 * @param elboNats evidence lower bound: reconstruction - KL
 * @param reconstructionNats log p(x|z), averaged over the samples of z
 * @param klNats KL(q(z|x) || p(z)), at least 0, closed form
 */
public record ImageBound(
    int image, double nats, double elboNats, double reconstructionNats, double klNats) {}
