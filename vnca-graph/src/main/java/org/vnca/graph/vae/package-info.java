/**
 * The mathematics of the variational autoencoder around the automaton: encoder, posterior,
 * likelihoods, the bounds on log p(x), and the model that holds them in one graph.
 *
 * <p>Not here: training it ({@link org.vnca.graph.training}), what it is asked afterwards ({@link
 * org.vnca.graph.serving}), and the decoder ({@link org.vnca.graph.decoder}).
 *
 * <p>Values are in nats per image, summed over the image's pixels or the latent's dimensions. What
 * is averaged over a batch says so.
 */
package org.vnca.graph.vae;
