/**
 * Commands that take a model to other programs and back: {@code export}, {@code weights export} and
 * {@code weights import}.
 *
 * <p>Not here: the files' formats ({@link org.vnca.train.exchange}, {@link org.vnca.eval.export}).
 */
package org.vnca.cli.exchange;
