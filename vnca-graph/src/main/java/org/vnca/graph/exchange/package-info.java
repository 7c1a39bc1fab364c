/**
 * Names and layouts of weights in PyTorch's state_dicts of the authors' program.
 *
 * <p>Not here: the files that hold such weights ({@code org.vnca.train.exchange}).
 */
package org.vnca.graph.exchange;
