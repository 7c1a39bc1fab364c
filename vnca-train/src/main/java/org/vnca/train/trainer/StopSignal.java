package org.vnca.train.trainer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A wish that long work end early, from any thread; the work looks at it between steps. */
public final class StopSignal {
  private final AtomicReference<String> reason = new AtomicReference<>();

  /** Asks; the first reason counts. */
  public void request(String why) {
    reason.compareAndSet(null, why);
  }

  /** Whether it was asked for. */
  public boolean requested() {
    return reason.get() != null;
  }

  /** Why, if it was asked for. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason.get());
  }
}
