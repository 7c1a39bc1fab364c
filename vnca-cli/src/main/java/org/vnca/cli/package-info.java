/**
 * The command line: words in, exit status, one answer on standard output and one-line faults out.
 *
 * <p>A command is a class that implements {@link org.vnca.cli.Command}; {@link
 * org.vnca.cli.Commands} lists them. The commands only translate: what they ask for is done by the
 * other modules. Nothing here runs TensorFlow, so that help, listings and datasets start fast; only
 * {@link org.vnca.cli.Failures} knows its exceptions by name, to say what they mean.
 *
 * <p>Every command answers once, in one of two forms: lines for people, or, with {@code --json},
 * one JSON object. All else (progress, notices, faults) goes to standard error.
 */
package org.vnca.cli;
