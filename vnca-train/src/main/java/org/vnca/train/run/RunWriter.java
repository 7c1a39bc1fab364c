package org.vnca.train.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vnca.base.fault.Hint;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentWriter;

/**
 * The right to write a run: one process at a time has it, until it closes this or dies. Not for
 * several threads, and not for one that is stopped by {@link Thread#interrupt}: Java closes a file
 * that an interrupted thread writes, and the save fails.
 */
public final class RunWriter implements AutoCloseable {
  private final RunDirectory run;
  private final ProcessLock lock;
  private CheckpointSaver saver;
  private MetricsLog metrics;
  private boolean running;
  private boolean changed;

  private RunWriter(RunDirectory run, ProcessLock lock) {
    this.run = run;
    this.lock = lock;
  }

  static RunWriter open(RunDirectory run) {
    return open(run, phase -> {});
  }

  /** As {@link RunDirectory#write()}; {@code progress} is told of every phase of a save. */
  static RunWriter open(RunDirectory run, Consumer<CheckpointSaver.Phase> progress) {
    int keep = run.experiment().train().checkpoint().keep();
    try {
      RunWriter writer = new RunWriter(run, lock(run));
      try {
        writer.saver = new CheckpointSaver(run.path(), keep, progress);
        writer.saver.sweep();
        writer.record(RunState.Phase.RUNNING, "");
        writer.running = true;
        return writer;
      } catch (IOException | RuntimeException e) {
        writer.lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new RunException(run + " cannot be written: " + Reason.of(e), e);
    }
  }

  /** Takes the lock. A reader that asks who has it holds it for an instant: so three tries. */
  private static ProcessLock lock(RunDirectory run) throws IOException {
    Optional<ProcessLock> lock = Optional.empty();
    for (int attempt = 0; attempt < 3 && lock.isEmpty() && !run.state().runningHere(); attempt++) {
      pause(attempt * 100L);
      lock = ProcessLock.take(run.path().resolve(RunDirectory.LOCK));
    }
    return lock.orElseThrow(
        () ->
            new RunException(
                "%s is being trained by process %d since %s; stop that one first"
                    .formatted(run, run.state().writer().pid(), run.state().since())));
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run. */
  public RunDirectory run() {
    return run;
  }

  /**
   * Opens the metrics for going on after {@code step}: see {@link MetricsLog}.
   *
   * @param step that of the checkpoint that training goes on from; -1 without one
   * @throws RunException if the file cannot be written
   */
  public MetricsLog metrics(long step) {
    try {
      if (metrics != null) {
        metrics.close();
      }
      metrics = MetricsLog.open(run.metrics(), step);
      return metrics;
    } catch (IOException e) {
      throw new RunException(run.metrics() + " cannot be written: " + Reason.of(e), e);
    }
  }

  /**
   * Replaces the descriptor, when a run goes on with other settings such as more steps.
   *
   * @throws RunException if it cannot be written
   */
  public void experiment(Experiment settings) {
    try {
      WholeFile.write(run.experimentFile(), ExperimentWriter.toYaml(settings));
      RunDigest.write(run);
      saver.keep(settings.train().checkpoint().keep());
      changed = true;
    } catch (IOException e) {
      throw new RunException(run.experimentFile() + " cannot be written: " + Reason.of(e), e);
    }
  }

  /** Whether the descriptor was replaced by this writer. */
  public boolean changed() {
    return changed;
  }

  /**
   * Notes where the run's dataset lies now, if that is elsewhere than before.
   *
   * @param location absolute, or the name of data that come with the program
   * @throws RunException if it cannot be written
   */
  public void dataAt(String location) {
    Manifest before = run.manifest();
    replace(before, before.withData(location, before.data().sha256()).seenFrom(run.path()));
  }

  /**
   * Notes the jars from outside that the run goes on with, if they are others than before.
   *
   * @throws RunException if it cannot be written
   */
  public void jars(List<Manifest.Jar> jars) {
    Manifest before = run.manifest();
    replace(before, before.withJars(jars));
  }

  private void replace(Manifest before, Manifest now) {
    if (!now.equals(before)) {
      manifest(now);
    }
  }

  /**
   * Notes that the run goes on.
   *
   * @throws RunException if it cannot be written
   */
  public void resumed(Manifest.Resumption resumption) {
    manifest(run.manifest().withResumed(resumption));
  }

  private void manifest(Manifest now) {
    try {
      Durable.replaceJson(run.path().resolve(RunDirectory.MANIFEST), now);
    } catch (IOException e) {
      throw new RunException(
          run.path().resolve(RunDirectory.MANIFEST) + " cannot be written: " + Reason.of(e), e);
    }
  }

  /**
   * Saves a checkpoint, points {@code latest} at it, and deletes old ones.
   *
   * @param step training steps done
   * @param facts what to note in its manifest: seed, position in the data, bounds; numbers,
   *     strings, lists and maps
   * @param best whether {@code best} shall point at it too
   * @param body writes its files
   * @throws RunException if it cannot be saved; the older checkpoints are untouched then, and the
   *     message names the last one
   */
  public void save(long step, Map<String, Object> facts, boolean best, CheckpointBody body) {
    try {
      saver.save(step, facts, best, body);
    } catch (IOException e) {
      throw unsaved(step, FullDisk.line(e).orElse(Reason.of(e)), e);
    } catch (RuntimeException e) {
      // TensorFlow, which writes the variables, tells a full disk by an exception of its own.
      throw FullDisk.line(e).map(reason -> (RuntimeException) unsaved(step, reason, e)).orElse(e);
    }
  }

  private RunException unsaved(long step, String reason, Exception cause) {
    OptionalLong last = run.checkpoints().pointer(Checkpoints.LATEST);
    return new RunException(
        "the checkpoint %s cannot be saved: %s; %s; go on with: %s"
            .formatted(
                run.checkpoints().path(step),
                reason,
                last.isPresent()
                    ? "the last good checkpoint is " + run.checkpoints().path(last.getAsLong())
                    : "there is no checkpoint yet",
                Hint.command("resume %s", run)),
        cause);
  }

  /** Records that all steps are done. */
  public void finished() {
    end(RunState.Phase.FINISHED, "");
  }

  /** Records that the run was stopped on request. */
  public void stopped(String reason) {
    end(RunState.Phase.STOPPED, reason);
  }

  /** Records that the run ended by an error. */
  public void failed(String reason) {
    end(RunState.Phase.FAILED, reason);
  }

  private void end(RunState.Phase phase, String reason) {
    try {
      record(phase, reason);
      running = false;
      RunDigest.write(run);
    } catch (IOException e) {
      throw new RunException(
          "the state of %s cannot be written: %s".formatted(run, Reason.of(e)), e);
    }
  }

  private void record(RunState.Phase phase, String reason) throws IOException {
    Durable.replaceJson(run.path().resolve(RunDirectory.STATE), RunState.now(phase, reason));
  }

  /**
   * Gives up the right to write. A run of which nothing else was recorded is recorded as failed.
   */
  @Override
  public void close() {
    try (lock) {
      if (metrics != null) {
        metrics.close();
      }
      if (running) {
        failed("its writer ended without saying how");
      }
    } catch (IOException e) {
      throw new RunException(
          "the lock of %s cannot be released: %s".formatted(run, Reason.of(e)), e);
    }
  }
}
