/**
 * What a model is asked outside of training, as graphs: importance samples for the bound, images
 * from latent vectors and how they grow, states between the parts of a decoding, and the signatures
 * of an exported model.
 *
 * <p>Nothing here changes a variable. Not here: running these graphs ({@link
 * org.vnca.graph.session}).
 */
package org.vnca.graph.serving;
