/**
 * Faults whose message is for people, whichever module they come from.
 *
 * <p>What is not for people (a library's exception, a broken invariant) is not here: whoever lets
 * such a thing in must translate it at its own door.
 */
package org.vnca.base.fault;
