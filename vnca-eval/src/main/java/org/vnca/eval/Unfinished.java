package org.vnca.eval;

/** What becomes of the table of an evaluation that was begun earlier and has not ended. */
public enum Unfinished {
  /** It stays as it is, and nothing is measured, if it has values of any image. */
  KEEP,
  /** It is gone on with; if there is none, one is begun. */
  RESUME,
  /** It is thrown away, and one is begun. */
  DISCARD
}
