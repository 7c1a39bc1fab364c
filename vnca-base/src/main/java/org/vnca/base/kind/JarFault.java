package org.vnca.base.kind;

import org.vnca.base.fault.ForPeople;

/**
 * A jar from outside that is not what it should be. The message is one line that names the jar, the
 * class and what is wrong.
 */
public final class JarFault extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** With a message of one line. */
  public JarFault(String message) {
    super(message);
  }

  /** With a message of one line, and what was thrown underneath. */
  public JarFault(String message, Throwable cause) {
    super(message, cause);
  }
}
