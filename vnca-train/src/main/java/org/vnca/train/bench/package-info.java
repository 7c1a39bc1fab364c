/**
 * Timing of what a run spends its time on, on generated data, beside the rate at which the same
 * device multiplies matrices.
 */
package org.vnca.train.bench;
