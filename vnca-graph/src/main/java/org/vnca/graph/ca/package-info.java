/**
 * Decoders. The cellular automaton: rules (perceive, update, apply), the rollout that applies one
 * many times and differentiates it, and the decoders made of rollouts. Beside them the
 * convolutional baseline that the paper compares with.
 *
 * <p>A cell state is {@code [B, H, W, C]} float32. A rollout is two loops in the graph, so that the
 * graph's size does not depend on the number of steps, which may be fed. {@code Graph.addGradients}
 * cannot differentiate a loop; the backward loop here composes the gradient of a step from those of
 * the rule's layers.
 */
package org.vnca.graph.ca;
