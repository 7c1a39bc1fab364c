/**
 * Damage to cell states, and how well automata recover from it: states are fetched, damaged here,
 * and fed back; the steps are taken by {@code vnca-graph}.
 *
 * <p>Not here: drawing the curves ({@link org.vnca.eval.figure}).
 */
package org.vnca.eval.damage;
