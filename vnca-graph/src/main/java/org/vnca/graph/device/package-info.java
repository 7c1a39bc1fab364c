/**
 * Where a model runs: what somebody asks for, what TensorFlow finds on this machine and in a
 * cluster, what the hardware is called, why there is no GPU, and which device does which part of a
 * graph.
 *
 * <p>Not here: the processes of a cluster and how they are reached ({@link
 * org.vnca.graph.cluster}).
 */
package org.vnca.graph.device;
