/**
 * What a person sees while something long runs: a bar on a terminal, a line now and then in a log.
 *
 * <p>All of it goes to standard error, because standard output belongs to a command's result. Not
 * here: what a run records for later (events, metrics).
 */
package org.vnca.train.console;
