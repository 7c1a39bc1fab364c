package org.vnca.train.sweep;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.vnca.train.console.Progress;
import org.vnca.train.run.RunException;
import org.vnca.train.trainer.Watch;

/** Brings the runs of a sweep to their end, a few at a time. */
public final class SweepRunner {
  private final SweepDirectory directory;
  private final Launcher launcher;
  private final Watch watch;

  /**
   * @param launcher starts the processes
   * @param watch sees a line when a point begins and ends; its wish to stop is passed on to the
   *     processes, which save first
   */
  public SweepRunner(SweepDirectory directory, Launcher launcher, Watch watch) {
    this.directory = directory;
    this.launcher = launcher;
    this.watch = watch;
  }

  /**
   * Runs all points. One that fails does not keep the others from their turn.
   *
   * @param jobs how many at a time, at least 1
   * @return what became of each, in the order of the points
   */
  public List<PointResult> all(int jobs) {
    List<PointRun> runs = directory.runs();
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(jobs, runs.size()));
    try (Progress progress = watch.progress(directory.sweep().name(), "points", runs.size(), 0)) {
      Report report = new Report(progress, runs.size());
      List<Future<PointResult>> pending = new ArrayList<>();
      for (PointRun run : runs) {
        pending.add(threads.submit(() -> observed(run, report)));
      }
      List<PointResult> results = new ArrayList<>();
      for (Future<PointResult> future : pending) {
        results.add(result(future));
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private PointResult observed(PointRun run, Report report) {
    PointResult result = work(run, what -> report.begins(run, what), Optional.empty()).perform();
    report.ended(result);
    return result;
  }

  private PointWork work(PointRun run, Consumer<String> note, Optional<PrintStream> echo) {
    return new PointWork(directory, run, launcher, watch.stop(), note, echo);
  }

  private static PointResult result(Future<PointResult> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("the sweep was interrupted", e);
    }
  }

  /**
   * Runs one point, as a task of a job array does; all that its process prints is shown.
   *
   * @param index the point's
   */
  public PointResult only(int index) {
    PrintStream err = watch.err();
    return work(directory.runs().get(index), what -> {}, Optional.of(err)).perform();
  }

  /** Tells a person what happens, from several threads. */
  private static final class Report {
    private final Progress progress;
    private final int points;
    private int ended;

    Report(Progress progress, int points) {
      this.progress = progress;
      this.points = points;
    }

    synchronized void begins(PointRun run, String what) {
      note(run.point().index(), run.point().name(), what);
    }

    synchronized void ended(PointResult result) {
      if (result.ending() == PointResult.Ending.WAITING) {
        return;
      }
      ended++;
      note(result.index(), result.name(), words(result));
      progress.step(ended, "");
    }

    private void note(int index, String name, String what) {
      progress.note("point %d of %d, %s: %s".formatted(index, points, name, what));
    }

    private static String words(PointResult result) {
      return switch (result.ending()) {
        case SKIPPED -> "finished before";
        case FINISHED -> "finished in %.0f s".formatted(result.seconds());
        case FAILED -> "failed: " + result.fault() + " (" + result.log() + ")";
        case STOPPED -> "stopped and saved";
        case ELSEWHERE -> "left to " + result.fault();
        case WAITING -> "not begun";
      };
    }
  }
}
