package org.vnca.cli.frame;

import java.io.PrintStream;
import org.vnca.train.console.Terminal;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Watch;

/**
 * Where a command's answer goes, and how its work is watched and stopped.
 *
 * @param out standard output
 * @param err standard error
 * @param json whether the answer is one JSON object
 * @param quiet whether no bars are wanted
 * @param stop asked when the program should end early
 */
public record Console(
    PrintStream out, PrintStream err, boolean json, boolean quiet, StopSignal stop) {
  /**
   * Answers.
   *
   * @param object the answer for programs; see {@link Json}
   * @param text the same for people, one or more lines
   */
  public void answer(Object object, String text) {
    out.println(json ? Json.write(object) : text.stripTrailing());
  }

  /** Says something early, if a person reads standard output. */
  public void say(String line) {
    if (!json) {
      out.println(line);
    }
  }

  /** Whether bars are unwanted or would fill a log. */
  public boolean barless() {
    return quiet || !Terminal.onStandardError();
  }

  /** For work that takes long. */
  public Watch watch() {
    return new Watch(barless(), err, stop);
  }
}
