/**
 * The order in which training sees a dataset's images, and the thread that reads them ahead. Which
 * images a batch has is a pure function of seed and step, and so is what becomes of one that is
 * drawn anew, mirrored or moved in every epoch ({@link org.vnca.data.batch.Variation}).
 *
 * <p>Not here: reading one image ({@link org.vnca.data.Split}), and scaling its pixels, which is
 * part of the graph.
 */
package org.vnca.data.batch;
