/**
 * Exchange of weights with PyTorch through safetensors files.
 *
 * <p>Not here: which weight is called what there ({@link org.vnca.graph.exchange}).
 */
package org.vnca.train.exchange;
