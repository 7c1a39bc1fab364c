package org.vnca.train.experiment;

/** Where the graph runs. */
public enum Device {
  /** The first GPU that TensorFlow can use, or else the CPU. */
  AUTO,
  /** The CPU, whatever else is there. */
  CPU,
  /** A GPU; it is an error if there is none. */
  GPU
}
