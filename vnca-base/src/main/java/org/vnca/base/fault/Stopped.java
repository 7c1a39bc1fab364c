package org.vnca.base.fault;

/**
 * Work that somebody stopped before its end. Nothing is wrong; the message says what is kept of it,
 * and how to go on.
 */
public final class Stopped extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** With a message of one line. */
  public Stopped(String message) {
    super(message);
  }
}
