/**
 * One step of training as a graph: loss and gradients of a batch, divided among devices and in
 * micro-batches, clipping, Adam, the pool of states, and how all variables are saved.
 *
 * <p>Not here: the mathematics of encoder, posterior and likelihood ({@link org.vnca.graph.vae}),
 * what a trained model is asked ({@link org.vnca.graph.serving}), and running a graph ({@link
 * org.vnca.graph.session}).
 *
 * <p>Losses are in nats per image; what is averaged over a batch says so.
 */
package org.vnca.graph.training;
