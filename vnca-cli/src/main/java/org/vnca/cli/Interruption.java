package org.vnca.cli;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vnca.cli.frame.Command;
import org.vnca.train.trainer.StopSignal;

/**
 * Turns Ctrl-C, and the other signals that end a program politely, into a wish to stop.
 *
 * <p>A training is waited for until it has saved. Other work that looks at the wish has a moment to
 * say how to go on; whatever does not end by then is ended, and so is at once what does not look.
 * The same signal again ends a training, too, but never in the middle of a save. Signals that the
 * process was started to ignore, as by {@code nohup}, stay ignored.
 */
final class Interruption {
  private static final int EXIT_BASE = 128;
  private static final long GRACE_MILLIS = 3_000;
  private static final long HOOKS_MILLIS = 5_000;
  private static final long POLL_MILLIS = 20;

  /** One signal may come twice: to the process, and to its group. */
  private static final long ANOTHER_MILLIS = 700;

  private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

  private final StopSignal stop = new StopSignal();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean looks;
  private int number;
  private long heardAt;

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
    SIGNALS.forEach(name -> listen(name, err));
  }

  /** By reflection, since the compiler warns of this class, the only one that hears signals. */
  private void listen(String name, PrintStream err) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Interruption.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                if (!method.getName().equals("handle")) {
                  return method.getName().equals("equals") ? proxy == args[0] : null;
                }
                heard((int) signal.getMethod("getNumber").invoke(args[0]), name, err);
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException e) {
      // Java itself was told to leave signals alone (-Xrs), or has none: they end it at once.
      return;
    }
  }

  /** From now on, the work in hand looks at the wish. */
  void hold() {
    looks = true;
  }

  /** The program has done all it will. */
  void done() {
    done.countDown();
  }

  /** The exit status that a signal asks for, if one came: 128 and its number. */
  synchronized OptionalInt status() {
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(EXIT_BASE + number);
  }

  private void heard(int signal, String name, PrintStream err) {
    long now = System.nanoTime();
    synchronized (this) {
      if (number != 0) {
        boolean again = signal == number && now - heardAt > ANOTHER_MILLIS * 1_000_000;
        if (again) {
          endAgain();
        }
        return;
      }
      number = signal;
      heardAt = now;
    }
    stop.request(
        signal == 2 ? "Ctrl-C, or another signal to end" : "SIG" + name + ", a signal to end");
    if (stop.held()) {
      err.print("\nvnca: stopping after the step in hand; the same again ends without saving it\n");
    }
    thread(this::end);
  }

  /** Ends what does not end by itself. */
  private void end() {
    while (stop.held()) {
      if (waited(POLL_MILLIS)) {
        return;
      }
    }
    if (!waited(looks ? GRACE_MILLIS : 0)) {
      exit();
    }
  }

  private void endAgain() {
    thread(
        () -> {
          while (stop.saving()) {
            waited(POLL_MILLIS);
          }
          exit();
        });
  }

  /** Hooks of libraries and of unfinished files have their turn, but no more than that. */
  private void exit() {
    int status = status().orElse(Command.STOPPED);
    thread(
        () -> {
          waitFor(HOOKS_MILLIS);
          Runtime.getRuntime().halt(status);
        });
    Runtime.getRuntime().exit(status);
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "vnca-interruption");
    thread.setDaemon(true);
    thread.start();
  }

  private boolean waited(long millis) {
    try {
      return done.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void waitFor(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
