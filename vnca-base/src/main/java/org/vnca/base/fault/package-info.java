/**
 * Faults whose message is for people, whichever module they come from.
 *
 * <p>Not here: what is not for people (a library's exception, a broken invariant). Whoever lets
 * such a thing in must translate it at its own door.
 */
package org.vnca.base.fault;
