/**
 * The order in which training sees a dataset's images, and the thread that reads them ahead. Which
 * images a batch has is a pure function of seed and step.
 *
 * <p>Not here: reading one image ({@link org.vnca.data.Split}), and what is done to its pixels,
 * which is part of the graph.
 */
package org.vnca.data.batch;
