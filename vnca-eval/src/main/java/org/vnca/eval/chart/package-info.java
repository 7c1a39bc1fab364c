/**
 * Charts: curves, bands and points between axes, and the one rule by which all axes have their
 * ticks. A chart says what it does not show. What it is written as is a matter of {@code
 * org.vnca.train.picture}.
 */
package org.vnca.eval.chart;
