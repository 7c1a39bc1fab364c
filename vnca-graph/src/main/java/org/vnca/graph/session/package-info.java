/**
 * A model that runs: arrays in, arrays out. The modules above train, measure and draw through this
 * package and see no tensor.
 *
 * <p>Not here: what a run computes, which is built by {@link org.vnca.graph.training} and {@link
 * org.vnca.graph.serving}, and where it is computed ({@link org.vnca.graph.device}).
 */
package org.vnca.graph.session;
