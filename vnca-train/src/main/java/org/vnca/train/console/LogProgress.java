package org.vnca.train.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Progress for a log: few lines, each complete. */
final class LogProgress implements Progress {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final String task;
  private final String unit;
  private final long total;
  private final long begunAt;
  private final PrintStream err;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final StepRate rate;
  private long printedNanos;
  private long printedDone;
  private long done;
  private String message = "";

  LogProgress(
      String task, String unit, long total, long done, PrintStream err, LongSupplier nanoTime) {
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.begunAt = done;
    this.err = err;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.rate = new StepRate(BETWEEN_LINES, nanoTime);
    this.printedNanos = startNanos;
    this.printedDone = done;
    this.done = done;
    rate.mark(done);
  }

  @Override
  public synchronized void step(long newDone, String newMessage) {
    done = newDone;
    message = newMessage;
    rate.mark(done);
    if (nanoTime.getAsLong() - printedNanos >= BETWEEN_LINES.toNanos()) {
      print();
    }
  }

  @Override
  public synchronized void note(String line) {
    err.println(line);
  }

  @Override
  public synchronized void close() {
    if (done != printedDone) {
      print();
    }
  }

  private void print() {
    printedNanos = nanoTime.getAsLong();
    printedDone = done;
    Duration elapsed = Duration.ofNanos(printedNanos - startNanos);
    err.println(
        new ProgressLine(task, unit, total, begunAt, done, elapsed, rate.perSecond(), message)
            .line());
  }
}
