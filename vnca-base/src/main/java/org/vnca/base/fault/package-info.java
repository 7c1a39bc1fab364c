/**
 * Faults whose message is for people, whichever module they come from.
 *
 * <p>Not here: what is not for people (a library's exception, a broken invariant). Code that calls
 * a library translates such a thing where it calls it.
 */
package org.vnca.base.fault;
