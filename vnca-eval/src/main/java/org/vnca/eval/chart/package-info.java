/**
 * Charts: curves, bands and points between axes, and the one rule by which all axes have their
 * ticks. A chart says what it does not show.
 *
 * <p>Not here: what it is written as ({@link org.vnca.train.picture}), what is measured.
 */
package org.vnca.eval.chart;
