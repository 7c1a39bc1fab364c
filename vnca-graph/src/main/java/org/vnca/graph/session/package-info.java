/**
 * A model that runs: arrays in, arrays out. The modules above train, measure and draw through this
 * package alone and see no tensor.
 */
package org.vnca.graph.session;
