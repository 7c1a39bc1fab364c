/**
 * What happens in a step of the automaton, and the steps one after the other: masks of cells,
 * noise, how an update is applied, and the rollout that applies a rule many times and
 * differentiates it.
 *
 * <p>A cell state is {@code [B, H, W, C]} float32. A rollout is two loops in the graph, so that the
 * graph's size does not depend on the number of steps, which may be fed. {@code Graph.addGradients}
 * cannot differentiate a loop; the backward loop here composes the gradient of a step from those of
 * the rule's layers.
 *
 * <p>Not here: the update itself ({@link org.vnca.graph.rule}), and what is between rollouts, such
 * as doublings ({@link org.vnca.graph.decoder}).
 */
package org.vnca.graph.rollout;
