package org.vnca.graph.spec;

/** How the convolutions of an update net are computed on a CPU; on a GPU, cuDNN chooses. */
public enum ConvolutionAlgorithm {
  /** As TensorFlow does. */
  DIRECT,
  /**
   * Those of 3x3 that are large enough to gain, in float32, by Winograd's F(4x4, 3x3), with a
   * quarter of the multiplications; the rest as {@link #DIRECT}. A result is off by 2e-6 of the
   * results' spread, where a direct one is off by 1e-6.
   */
  WINOGRAD
}
