package org.vnca.train.sweep;

import java.nio.file.Path;

/**
 * What became of a point.
 *
 * @param index the point's
 * @param name the point's
 * @param run the directory of its run
 * @param ending how it ended
 * @param fault why, in one line, if it failed; who has it, if it is left to another process; null
 *     otherwise
 * @param log what its processes printed
 * @param seconds wall time of its process here; 0 without one
 */
public record PointResult(
    int index, String name, Path run, Ending ending, String fault, Path log, double seconds) {
  /** How a point ended. */
  public enum Ending {
    /** It was finished before. */
    SKIPPED,
    /** It was started or resumed, and finished. */
    FINISHED,
    /** Its process ended with an error. */
    FAILED,
    /** It was stopped on request, after a checkpoint. */
    STOPPED,
    /** Another process has it in hand; it was left to that one. */
    ELSEWHERE,
    /** The sweep was stopped before its turn. */
    WAITING
  }

  /** Whether a stop on request kept it from its end. */
  public boolean stopped() {
    return ending == Ending.STOPPED || ending == Ending.WAITING;
  }

  /** Whether its run is finished. */
  public boolean done() {
    return ending == Ending.SKIPPED || ending == Ending.FINISHED;
  }
}
