package org.vnca.train.run;

import org.vnca.base.fault.ForPeople;

/** A run that cannot be made, read or written. The message is one line: what, where, what to do. */
public final class RunException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** With a message of one line. */
  public RunException(String message) {
    super(message);
  }

  /** With a message of one line, and what led to it. */
  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
