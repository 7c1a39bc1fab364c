/**
 * The playground: one page that runs a run's decoder. Here the model is described, its weights are
 * packed and examples are encoded, and all is put into the page's template; the page itself, which
 * computes and draws, lies beside this package as resources, in JavaScript.
 *
 * <p>Not here: how a layer is described, which each layer says of itself ({@link
 * org.vnca.graph.description}).
 */
package org.vnca.eval.playground;
