/**
 * The command line: words in, exit status, one answer on standard output and one-line faults out.
 *
 * <p>Here is what surrounds a command: the start of the program, which commands there are, help,
 * what is reported when something fails, and how it is interrupted. The commands lie in rooms by
 * families ({@link org.vnca.cli.train}, {@link org.vnca.cli.eval}, {@link org.vnca.cli.data},
 * {@link org.vnca.cli.exchange}), and are written with {@link org.vnca.cli.frame}. They only
 * translate: what they ask for is done by the other modules. Nothing here runs TensorFlow, so that
 * help, listings and datasets start fast; only {@link org.vnca.cli.Failures} knows its exceptions
 * by name, to say what they mean.
 *
 * <p>Every command answers once, in one of two forms: lines for people, or, with {@code --json},
 * one JSON object. All else (progress, notices, faults) goes to standard error.
 *
 * <p>Not here: the commands themselves, and what they do.
 */
package org.vnca.cli;
