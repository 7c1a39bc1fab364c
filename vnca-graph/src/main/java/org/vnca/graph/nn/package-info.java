/**
 * The pieces that networks are made of: trainable parameters with their first values, random
 * streams, and the convolution with its gradient.
 *
 * <p>A layer here is a description. It is given the graph that it builds into and the operands of
 * its weights, because the same layer is built in the main graph, in the body of a forward loop and
 * in the body of a backward loop. Gradients of convolutions are composed here rather than asked of
 * {@code Graph.addGradients}, so that a backward pass can start from saved activations without a
 * forward convolution; golden vectors and finite differences check them.
 */
package org.vnca.graph.nn;
