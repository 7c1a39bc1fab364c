package org.vnca.cli;

import org.vnca.base.fault.ForPeople;

/** The program was started where it cannot work; the message says why and what to do. */
final class SurroundingsException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  SurroundingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
