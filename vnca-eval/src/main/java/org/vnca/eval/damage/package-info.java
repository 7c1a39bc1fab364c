/**
 * Damage to cell states, and how well automata recover from it: states are fetched, damaged here,
 * and fed back; the steps are taken by {@code vnca-graph}.
 */
package org.vnca.eval.damage;
