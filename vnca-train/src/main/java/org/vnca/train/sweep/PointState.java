package org.vnca.train.sweep;

/** Where a point's run stands on disk. */
public enum PointState {
  /** There is no run yet. */
  MISSING,
  /** It has steps to do, or its evaluation, and no process is at it. */
  UNFINISHED,
  /** A process is training it. */
  RUNNING,
  /** All of its steps are done, and its evaluation if there is to be one. */
  FINISHED
}
