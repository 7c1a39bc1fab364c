/**
 * TensorBoard's event files: scalars, pictures, text and hyperparameters of a run.
 *
 * <p>The files are written directly, frame by frame, not by TensorFlow's summary operations: no
 * session is needed, and an event is on its way to the disk when the call returns. Not here:
 * reading; what a run wants back from its own history it reads from {@code metrics.jsonl}.
 */
package org.vnca.train.board;
