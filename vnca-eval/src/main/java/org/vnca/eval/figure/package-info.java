/**
 * The paper's figures, drawn from a run: pages of tiles, curves and points with titles, axes and
 * captions, as PNG or animated GIF.
 *
 * <p>Everything is drawn with the project's own lettering, so that it works, and looks the same,
 * where no font is installed. What is computed is computed by {@code vnca-graph}.
 *
 * <p>Not here: pictures of a training as it goes on ({@link org.vnca.train.picture}).
 */
package org.vnca.eval.figure;
