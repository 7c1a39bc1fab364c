package org.vnca.graph.spec;

/** What the forward pass of a rollout keeps for the backward pass. */
public enum MemoryPolicy {
  /** The input of every convolution of every step: no convolution is computed twice. */
  STORE,
  /** The cell states alone; each step is computed once more on the way back (cost 4/3). */
  RECOMPUTE
}
