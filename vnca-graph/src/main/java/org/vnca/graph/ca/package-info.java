/**
 * Decoders. The cellular automaton: update nets, the rollout that applies one many times and
 * differentiates it, and the decoder made of rollouts. Beside it the convolutional baseline that
 * the paper compares with.
 *
 * <p>A cell state is {@code [B, H, W, C]} float32. A rollout is two loops in the graph, so that the
 * graph's size does not depend on the number of steps, which may be fed. {@code Graph.addGradients}
 * cannot differentiate a loop; the backward loop here composes the gradient of a step itself.
 */
package org.vnca.graph.ca;
