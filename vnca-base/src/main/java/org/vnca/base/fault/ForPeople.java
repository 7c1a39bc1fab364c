package org.vnca.base.fault;

/**
 * Marks an exception whose message is for people, and says all there is to say: one line that names
 * the thing, what is wrong with it, and what to do. It is printed as it is; every other exception
 * is a fault of the program.
 */
public interface ForPeople {
  /** The line. */
  String getMessage();
}
