package org.vnca.train.trainer;

import java.io.OutputStream;
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

  /** Nobody watches, and nothing stops the work: for programs that use it as a library. */
  public static Watch silent() {
    return new Watch(true, new PrintStream(OutputStream.nullOutputStream()), new StopSignal());
  }

  /** Shows progress; see {@link Progress#open}. */
  public Progress progress(String task, String unit, long total, long done) {
    return Progress.open(task, unit, total, done, quiet, err);
  }
}
