/**
 * Measures and pictures of a run, from its directory alone; a measure also needs the run's dataset.
 *
 * <p>Here are the bound of a whole split, samples, and the run that they and the rooms beside this
 * one open. Not here: damage and recovery ({@link org.vnca.eval.damage}), the paper's figures
 * ({@link org.vnca.eval.figure}), the linear probe ({@link org.vnca.eval.probe}), the page that
 * compares runs ({@link org.vnca.eval.report}) and the SavedModel ({@link org.vnca.eval.export});
 * nor what all of them measure with, which training needs too ({@link org.vnca.train.measure}).
 */
package org.vnca.eval;
