/**
 * From a latent vector to the map that the likelihood reads: the doubling and the non-doubling
 * automaton, made of rollouts, and the convolutional baseline that the paper compares with; beside
 * them the damage that training does to their states.
 *
 * <p>Not here: what a cell does ({@link org.vnca.graph.rule}), a rollout and its gradient ({@link
 * org.vnca.graph.rollout}), and what the map means ({@link org.vnca.graph.vae.Likelihood}).
 */
package org.vnca.graph.decoder;
