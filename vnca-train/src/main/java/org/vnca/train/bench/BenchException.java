package org.vnca.train.bench;

import org.vnca.base.fault.ForPeople;

/** A benchmark that cannot be run; the message says why and what to do. */
public final class BenchException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }
}
