/**
 * Functions of bits whose results are kept in files or decide draws, and so must never change.
 *
 * <p>Not here: draws of a model, which are operations of a graph.
 */
package org.vnca.base.hash;
