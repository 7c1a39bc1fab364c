package org.vnca.eval;

import org.vnca.base.fault.ForPeople;

/** A run that cannot be studied in the way that is asked for; the message says what to do. */
public final class StudyException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** A line for people. */
  public StudyException(String message) {
    super(message);
  }
}
