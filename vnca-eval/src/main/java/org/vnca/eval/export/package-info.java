/**
 * A run's model for programs elsewhere: a TensorFlow SavedModel. What it computes is built by
 * {@link org.vnca.graph.serving.Serving}; here it is opened, written and described.
 *
 * <p>Not here: weights for PyTorch ({@link org.vnca.train.exchange}).
 */
package org.vnca.eval.export;
