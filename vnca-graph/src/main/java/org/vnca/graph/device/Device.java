package org.vnca.graph.device;

/** Where a model runs. */
public enum Device {
  /** A GPU if TensorFlow has a usable one, otherwise the CPU. */
  AUTO,
  /** The CPU, even if there is a GPU. */
  CPU,
  /** A GPU; it is an error if there is none. */
  GPU
}
