/**
 * The variational autoencoder around the automaton: encoder, posterior, likelihood, the bounds on
 * log p(x), and the training step.
 *
 * <p>Figures are in nats per image, summed over the image's pixels or the latent's dimensions. What
 * is averaged over a batch says so.
 */
package org.vnca.graph.vae;
