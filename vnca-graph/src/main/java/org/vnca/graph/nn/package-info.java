/**
 * The pieces that networks are made of: layers, trainable parameters with their first values, and
 * random streams.
 *
 * <p>A {@link org.vnca.graph.nn.Layer} is a description. It is given the graph that it builds into
 * and the operands of its weights, because the same layer is built in the main graph, in the body
 * of a forward loop and in the body of a backward loop. Layers carry their own gradients, so that a
 * backward pass can start from saved activations without a forward convolution; golden vectors and
 * finite differences check them. A layer that says only how its output is computed is a {@link
 * org.vnca.graph.nn.ForwardOnly}: its gradient is {@code Graph.addGradients}'s.
 *
 * <p>Not here: which layers make an encoder ({@link org.vnca.graph.vae}), a rule ({@link
 * org.vnca.graph.rule}) or a decoder ({@link org.vnca.graph.decoder}).
 */
package org.vnca.graph.nn;
