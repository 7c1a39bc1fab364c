/**
 * A linear probe: how much of the digit, or whatever the labels name, can be read from the latent
 * mean by a straight line. Training of the model sees no labels.
 *
 * <p>The optimizer is here and not a library's: those that have L-BFGS bring a framework of machine
 * learning along, or a licence that does not suit.
 *
 * <p>Not here: encoding the images, which is asked of a session ({@link org.vnca.graph.session}).
 */
package org.vnca.eval.probe;
