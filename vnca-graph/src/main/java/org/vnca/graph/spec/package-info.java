/**
 * What a model is: records checked at construction, one per choice that a descriptor offers.
 *
 * <p>Nothing here touches TensorFlow, and nothing here knows how a record is written in a file: the
 * descriptor's reader in {@code vnca-train} maps the kebab-case of each component's name onto it.
 * The defaults are the paper's doubling VNCA for MNIST.
 *
 * <p>Not here: settings of a training or an evaluation, which are no part of the model ({@code
 * org.vnca.train.experiment}).
 */
package org.vnca.graph.spec;
