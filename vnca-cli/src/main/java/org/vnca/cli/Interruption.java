package org.vnca.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.vnca.train.trainer.StopSignal;

/**
 * Turns Ctrl-C, and the other signals that end a program politely, into a wish to stop. The virtual
 * machine answers such a signal by running its shutdown hooks and then ends with 128 and the
 * signal's number, whatever the program does; the hook here holds it until the work in hand is
 * saved. Further signals meanwhile have no effect.
 */
final class Interruption {
  private final StopSignal stop = new StopSignal();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean held;

  /** The wish. */
  StopSignal stop() {
    return stop;
  }

  /**
   * Listens from now on.
   *
   * @param err where a person reads that the signal was heard
   */
  void listen(PrintStream err) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(err), "vnca-interruption"));
  }

  /** From now on, the work in hand looks at the wish and wants to be waited for. */
  void hold() {
    held = true;
  }

  /** The program has done all it will; the virtual machine may go. */
  void done() {
    done.countDown();
  }

  private void stopAndWait(PrintStream err) {
    if (done.getCount() == 0) {
      return;
    }
    stop.request("Ctrl-C, or another signal to end");
    if (held) {
      err.printf("%nvnca: stopping after the step in hand%n");
      awaitDone();
    }
  }

  private void awaitDone() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
