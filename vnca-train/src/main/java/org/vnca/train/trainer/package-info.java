/**
 * The training loop: batches in, figures, pictures and checkpoints out, from a fresh start or from
 * a checkpoint. Not here: what is computed ({@code vnca-graph}), and how it is written down (the
 * packages beside this one).
 */
package org.vnca.train.trainer;
