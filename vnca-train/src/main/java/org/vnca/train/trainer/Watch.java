package org.vnca.train.trainer;

import java.io.PrintStream;
import org.vnca.train.console.Progress;

/**
 * Who watches long work, and how it is stopped.
 *
 * @param quiet whether no progress bar is wanted
 * @param err where progress is shown
 * @param stop asks the work to end early
 */
public record Watch(boolean quiet, PrintStream err, StopSignal stop) {

  /** Shows progress; see {@link Progress#open}. */
  public Progress progress(String task, String unit, long total, long done) {
    return Progress.open(task, unit, total, done, quiet, err);
  }
}
