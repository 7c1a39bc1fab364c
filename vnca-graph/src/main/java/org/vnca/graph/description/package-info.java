/**
 * What a model computes when it decodes, in names and numbers: for programs that compute it without
 * TensorFlow, such as the page of the playground. Every layer, mask, decoder and likelihood gives
 * its own description; here is only the form that they have in common.
 *
 * <p>Not here: how an encoder or a gradient is computed, and how a description is written down.
 */
package org.vnca.graph.description;
