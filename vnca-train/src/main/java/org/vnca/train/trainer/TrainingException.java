package org.vnca.train.trainer;

/** Training cannot start or cannot go on; the message says why and what to do. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message of one line. */
  public TrainingException(String message) {
    super(message);
  }

  /** With a message of one line. */
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
