package org.vnca.graph.spec;

/** In which numbers the convolutions of a training step multiply. */
public enum Precision {
  /** float32; a GPU that has TF32 multiplies in that. */
  FLOAT32,
  /**
   * Operands are rounded to bfloat16, 8 significant bits, and so is each product once it is summed
   * up. Weights, biases, states, dense layers, the sums of gradients and the optimizer stay
   * float32.
   */
  BFLOAT16
}
