package org.vnca.train.run;

/** A run that cannot be made, read or written. The message is one line: what, where, what to do. */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunException(String message) {
    super(message);
  }

  RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
