/**
 * Bounds on log p(x) over a split: the loop over images and samples around the graph's importance
 * samples, used for validation while training and for evaluation afterwards.
 *
 * <p>Not here: the samples themselves ({@link org.vnca.graph.serving.ImportanceSampling}), and how
 * an evaluation is written down ({@code org.vnca.eval}).
 */
package org.vnca.train.measure;
