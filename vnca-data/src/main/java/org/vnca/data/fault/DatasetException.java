package org.vnca.data.fault;

import org.vnca.base.fault.ForPeople;

/**
 * A dataset that cannot be found, read, trusted or written. The message is one line that says what
 * is wrong, where, and what to do.
 */
public final class DatasetException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: the thing, the place, what to do
   */
  public DatasetException(String message) {
    super(message);
  }

  /**
   * @param message one line: the thing, the place, what to do
   * @param cause what was thrown underneath
   */
  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
