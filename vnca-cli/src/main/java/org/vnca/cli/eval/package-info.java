/**
 * Commands that look at a trained model: {@code evaluate}, {@code sample}, {@code probe}, {@code
 * damage}, {@code figure}, {@code playground} and {@code report}.
 *
 * <p>Not here: how anything is measured or drawn ({@link org.vnca.eval}).
 */
package org.vnca.cli.eval;
