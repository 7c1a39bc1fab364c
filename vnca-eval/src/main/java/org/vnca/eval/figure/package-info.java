/**
 * The paper's figures, drawn from a run: pages of tiles, curves and points with titles, axes and
 * captions, as PNG, SVG, PDF or animated GIF.
 *
 * <p>What is computed is computed by {@code vnca-graph}; what is drawn with is in {@code
 * org.vnca.train.picture} and {@code org.vnca.eval.chart}.
 */
package org.vnca.eval.figure;
