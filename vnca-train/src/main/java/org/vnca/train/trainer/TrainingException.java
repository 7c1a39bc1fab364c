package org.vnca.train.trainer;

import org.vnca.base.fault.ForPeople;

/** Training cannot start or cannot go on; the message says why and what to do. */
public final class TrainingException extends RuntimeException implements ForPeople {
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
