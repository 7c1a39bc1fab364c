package org.vnca.train.console;

import java.io.PrintStream;

/** Progress of a training run, or of any counted work, for a person to watch. */
public interface Progress extends AutoCloseable {
  /**
   * Begins to show progress: as a bar, or, if {@code quiet}, by a plain line at most every 30
   * seconds and one at the end, without carriage returns.
   *
   * @param task a short name, such as the run's
   * @param unit what is counted, in the plural, such as {@code steps}
   * @param total the count at the end
   * @param done the count now; above 0 for a resumed run
   * @param quiet whether no bar is wanted; normally {@code !Terminal.onStandardError()}
   * @param err where it is shown, normally standard error
   * @throws IllegalArgumentException unless {@code 0 <= done <= total} and {@code total >= 1}
   */
  static Progress open(
      String task, String unit, long total, long done, boolean quiet, PrintStream err) {
    if (total < 1 || done < 0 || done > total) {
      throw new IllegalArgumentException(
          "progress needs total >= 1 and 0 <= done <= total, but total is "
              + total
              + " and done is "
              + done);
    }
    return quiet
        ? new LogProgress(task, unit, total, done, err, System::nanoTime)
        : new BarProgress(task, unit, total, done, err);
  }

  /** Progress that nobody watches: nothing is shown, no notes either. */
  static Progress none() {
    return new Progress() {
      @Override
      public void step(long done, String message) {}

      @Override
      public void note(String line) {}

      @Override
      public void close() {}
    };
  }

  /**
   * Takes note of how far the work is. Cheap enough to be called at every step.
   *
   * @param done the count now, not the increment
   * @param message numbers of the moment, such as {@code loss 95.20 kl 21.3}; the count, the time
   *     left and the rate are shown anyway
   */
  void step(long done, String message);

  /** Prints a line that stays, above the bar if there is one, in quiet mode too. */
  void note(String line);

  /** Shows the last state, and ends the bar's line. */
  @Override
  void close();
}
