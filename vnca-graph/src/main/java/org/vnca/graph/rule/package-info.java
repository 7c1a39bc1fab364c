/**
 * What a cell does: how it perceives its neighbourhood and what update follows from that, composed
 * of the layers of {@link org.vnca.graph.nn}. {@link org.vnca.graph.rule.UpdateRules} knows the
 * rules by the names that a descriptor uses; a jar may add others.
 *
 * <p>Not here: how an update is applied to the states and repeated ({@link
 * org.vnca.graph.rollout}), and which grids it is applied to ({@link org.vnca.graph.decoder}).
 */
package org.vnca.graph.rule;
