package org.vnca.train.experiment;

import org.vnca.base.fault.ForPeople;

/** A descriptor that cannot be read. The message is one line: where, which key, what is wrong. */
public final class ExperimentException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /**
   * @param where a file, a file and line, or an override as it was given
   * @param fault what is wrong there
   */
  ExperimentException(String where, String fault) {
    this(where + ": " + fault);
  }

  private ExperimentException(String message) {
    super(message);
  }

  /** The same fault, with what else there is to know behind it. */
  ExperimentException with(String more) {
    return new ExperimentException(getMessage() + more);
  }
}
