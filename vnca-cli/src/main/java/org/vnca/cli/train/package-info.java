/**
 * Commands that train, and that list and time runs: {@code train}, {@code resume}, {@code sweep},
 * {@code worker}, {@code runs} and {@code bench}.
 *
 * <p>Not here: the training itself ({@link org.vnca.train.trainer}), and what is done with a
 * trained model ({@link org.vnca.cli.eval}, {@link org.vnca.cli.exchange}).
 */
package org.vnca.cli.train;
