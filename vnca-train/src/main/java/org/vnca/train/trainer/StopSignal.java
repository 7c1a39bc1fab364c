package org.vnca.train.trainer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A wish that long work end early, from any thread; the work looks at it between steps. The work
 * says in turn when something would be lost if it were not waited for.
 */
public final class StopSignal {
  private final AtomicReference<String> reason = new AtomicReference<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger saving = new AtomicInteger();

  /** A part of the work; closed when it ends. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

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

  /** Begins work that looks at the wish, saves, and ends: a training, or a process that trains. */
  public Hold hold() {
    return counted(held);
  }

  /** Begins a save, which is to be finished whatever comes. */
  public Hold save() {
    return counted(saving);
  }

  /** Whether some work wants to be waited for. */
  public boolean held() {
    return held.get() > 0 || saving();
  }

  /** Whether something is being saved. */
  public boolean saving() {
    return saving.get() > 0;
  }

  private static Hold counted(AtomicInteger count) {
    count.incrementAndGet();
    return count::decrementAndGet;
  }
}
