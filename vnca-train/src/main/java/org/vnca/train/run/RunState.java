package org.vnca.train.run;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Which process writes a run, or how it ended.
 *
 * @param phase where the run stands
 * @param reason why, one line; empty where the phase says all
 * @param since when, in UTC, as ISO 8601
 * @param writer the process that wrote this
 */
public record RunState(Phase phase, String reason, String since, Writer writer) {
  public RunState {
    if (phase == null || reason == null || since == null || writer == null) {
      throw new IllegalArgumentException("it lacks its phase, reason, time or writer");
    }
  }

  /** Where a run stands. */
  public enum Phase {
    /** Never trained yet. */
    CREATED,
    /** A process is training it now. */
    RUNNING,
    /** Stopped on request before its last step. */
    STOPPED,
    /** All steps done. */
    FINISHED,
    /** Ended by an error. */
    FAILED,
    /** Its process ended without saying how. Never written to disk. */
    KILLED
  }

  /**
   * A process. A number alone does not tell it from an earlier one.
   *
   * @param pid its number
   * @param started when its virtual machine started, ms since 1970
   */
  public record Writer(long pid, long started) {
    static Writer here() {
      return new Writer(
          ProcessHandle.current().pid(), ManagementFactory.getRuntimeMXBean().getStartTime());
    }
  }

  static RunState now(Phase phase, String reason) {
    return new RunState(
        phase,
        reason.replaceAll("\\s+", " ").strip(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Writer.here());
  }

  boolean runningHere() {
    return phase == Phase.RUNNING && Writer.here().equals(writer);
  }

  RunState killed() {
    return new RunState(
        Phase.KILLED, "process " + writer.pid() + " ended without saying how", since, writer);
  }
}
