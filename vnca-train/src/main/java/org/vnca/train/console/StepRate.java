package org.vnca.train.console;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How fast a count grows, over a sliding window of time. The methods may be called from several
 * threads.
 */
public final class StepRate {
  private static final int MARKS_IN_WINDOW = 64;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long windowNanos;
  private final LongSupplier nanoTime;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private Mark latest;

  /**
   * Measures by the system's clock.
   *
   * @param window over how much of the past the rate is taken, for example 30 seconds
   * @throws IllegalArgumentException if it is not above zero
   */
  public StepRate(Duration window) {
    this(window, System::nanoTime);
  }

  StepRate(Duration window, LongSupplier nanoTime) {
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a rate's window must be above 0, but is " + window);
    }
    this.windowNanos = window.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Takes note that the count is {@code done} now. */
  public synchronized void mark(long done) {
    latest = new Mark(nanoTime.getAsLong(), done);
    // Few marks are kept, however fast the count grows.
    if (marks.isEmpty() || latest.nanos - marks.getLast().nanos >= windowNanos / MARKS_IN_WINDOW) {
      marks.addLast(latest);
    }
    while (marks.size() > 1 && latest.nanos - marks.getFirst().nanos > windowNanos) {
      marks.removeFirst();
    }
  }

  /**
   * The rate between the window's first mark and the latest one, per second; not-a-number while
   * there are no two marks with time between them.
   */
  public synchronized double perSecond() {
    if (marks.isEmpty() || latest.nanos == marks.getFirst().nanos) {
      return Double.NaN;
    }
    Mark first = marks.getFirst();
    return (latest.done - first.done) * NANOS_PER_SECOND / (latest.nanos - first.nanos);
  }

  private record Mark(long nanos, long done) {}
}
