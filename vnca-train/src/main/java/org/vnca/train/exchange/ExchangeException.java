package org.vnca.train.exchange;

import org.vnca.base.fault.ForPeople;

/** Weights that cannot be exchanged; the message says which, where, and what to do. */
public final class ExchangeException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  ExchangeException(String message) {
    super(message);
  }

  ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
