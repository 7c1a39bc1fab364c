/**
 * A run's model for programs elsewhere: a TensorFlow SavedModel. What it computes is built by
 * {@link org.vnca.graph.serving.Serving}; here it is opened, written and described.
 */
package org.vnca.eval.export;
