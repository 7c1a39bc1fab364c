package org.vnca.train.exchange;

/** Weights that cannot be exchanged; the message says which, where, and what to do. */
public final class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExchangeException(String message) {
    super(message);
  }

  ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
