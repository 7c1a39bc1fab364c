/**
 * The training loop: batches in, figures, pictures and checkpoints out, from a fresh start or from
 * a checkpoint. What is computed lives in {@code vnca-graph}; where things are written, in the
 * packages beside this one.
 */
package org.vnca.train.trainer;
