/**
 * The paper's figures, drawn from a run: pages of tiles, curves and points with titles, axes and
 * captions, as PNG, SVG, PDF or animated GIF.
 *
 * <p>What is computed is computed by {@code vnca-graph}; what is drawn with is in {@link
 * org.vnca.train.picture} and {@link org.vnca.eval.chart}.
 *
 * <p>Not here: pictures of a training as it goes on ({@link org.vnca.train.trainer}).
 */
package org.vnca.eval.figure;
