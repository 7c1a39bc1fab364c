/**
 * Several processes that train together: their addresses, the server by which a process takes part,
 * and whether the workers are there.
 *
 * <p>Not here: which devices those processes offer ({@link org.vnca.graph.device}), and what is
 * computed on them ({@link org.vnca.graph.training}).
 */
package org.vnca.graph.cluster;
