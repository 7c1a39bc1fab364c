package org.vnca.train.sweep;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.run.RunException;
import org.vnca.train.run.UnbornRun;
import org.vnca.train.sweep.PointResult.Ending;
import org.vnca.train.trainer.StopSignal;

/** One point's run, brought to its end by a process. */
final class PointWork {
  private static final int POLL_MILLIS = 200;
  private static final String MAKER = "a process of no sweep, which is making the run";

  /** 128 and the numbers of SIGHUP, SIGINT and SIGTERM: how the program ends after saving. */
  private static final List<Integer> STOPPED = List.of(129, 130, 143);

  private final SweepDirectory directory;
  private final PointRun run;
  private final Launcher launcher;
  private final StopSignal stop;
  private final Consumer<String> note;
  private final Optional<PrintStream> echo;

  /**
   * @param stop ends the process early, after it has saved
   * @param note told what begins
   * @param echo where the process's output is shown besides
   */
  PointWork(
      SweepDirectory directory,
      PointRun run,
      Launcher launcher,
      StopSignal stop,
      Consumer<String> note,
      Optional<PrintStream> echo) {
    this.directory = directory;
    this.run = run;
    this.launcher = launcher;
    this.stop = stop;
    this.note = note;
    this.echo = echo;
  }

  /** Does what there is to do. A failure is a result too. */
  PointResult perform() {
    long began = System.nanoTime();
    try {
      if (stop.requested()) {
        return result(Ending.WAITING, null, 0);
      }
      return run.state() == PointState.FINISHED ? result(Ending.SKIPPED, null, 0) : claimed(began);
    } catch (RunException | ExperimentException e) {
      return result(Ending.FAILED, e.getMessage(), began);
    } catch (IOException e) {
      return result(
          Ending.FAILED, "its process cannot be started or watched: " + Reason.of(e), began);
    }
  }

  /** Looks again, now that no other process can change what is there. */
  private PointResult claimed(long began) throws IOException {
    Path file = directory.claim(run.point());
    Optional<PointClaim> claim = PointClaim.take(file);
    if (claim.isEmpty()) {
      return result(Ending.ELSEWHERE, PointClaim.owner(file), 0);
    }
    PointClaim taken = claim.get();
    try (taken) {
      return switch (run.state()) {
        case FINISHED -> result(Ending.SKIPPED, null, 0);
        case RUNNING -> result(Ending.ELSEWHERE, run.writer(), 0);
        case MISSING ->
            UnbornRun.clear(run.path()) ? launched(began) : result(Ending.ELSEWHERE, MAKER, 0);
        case UNFINISHED -> launched(began);
      };
    }
  }

  private PointResult launched(long began) throws IOException {
    LogFollower log = new LogFollower(directory.log(run.point()));
    int status;
    StopSignal.Hold held = stop.hold();
    try (held) {
      status = await(launch(), log);
    }
    if (status == 0) {
      return result(Ending.FINISHED, null, began);
    }
    if (STOPPED.contains(status)) {
      return result(Ending.STOPPED, null, began);
    }
    if (run.state() == PointState.RUNNING) {
      return result(Ending.ELSEWHERE, run.writer(), began);
    }
    String fault = log.fault().orElse("its process ended with exit status " + status);
    return result(Ending.FAILED, fault, began);
  }

  private Process launch() throws IOException {
    Files.createDirectories(directory.log(run.point()).getParent());
    String path = run.path().toString();
    if (run.state() == PointState.UNFINISHED) {
      note.accept("resumed");
      return launcher.launch(List.of("resume", path, "--quiet"), directory.log(run.point()));
    }
    note.accept("started");
    String descriptor = directory.writeDescriptor(run.point()).toString();
    return launcher.launch(
        List.of("train", descriptor, "--run", path, "--quiet"), directory.log(run.point()));
  }

  private int await(Process process, LogFollower log) throws IOException {
    boolean asked = false;
    boolean ended = false;
    while (!ended) {
      ended = waited(process);
      if (stop.requested() && !asked) {
        // Ctrl-C reaches every process of a terminal; other signals reach only this one.
        process.destroy();
        asked = true;
      }
      if (echo.isPresent()) {
        log.show(echo.get());
      }
    }
    return process.exitValue();
  }

  private static boolean waited(Process process) {
    try {
      return process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new RunException("the sweep was interrupted", e);
    }
  }

  private PointResult result(Ending ending, String fault, long began) {
    return new PointResult(
        run.point().index(),
        run.point().name(),
        run.path(),
        ending,
        fault,
        directory.log(run.point()),
        began == 0 ? 0 : (System.nanoTime() - began) / 1e9);
  }
}
