/**
 * Timing of what a run spends its time on, on generated data, beside the rate at which the same
 * device multiplies matrices.
 *
 * <p>Not here: timing of a real training, which its own metrics tell.
 */
package org.vnca.train.bench;
