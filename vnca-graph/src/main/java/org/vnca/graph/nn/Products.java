package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The three products of a convolution with zero padding: its output, and the gradients of its input
 * and of its kernel.
 */
interface Products {
  /**
   * The kernel as {@link #output} and {@link #ofInput} read it.
   *
   * @param weight {@code [kernel, kernel, in, out]}
   */
  Operand<?> prepared(Ops tf, Operand<TFloat32> weight);

  /**
   * The input as the others read it.
   *
   * @param x {@code [B, H, W, in]}
   */
  Operand<?> inputForm(Ops tf, Operand<?> x);

  /**
   * The convolution.
   *
   * @param x what {@link #inputForm} returned
   * @param kernel what {@link #prepared} returned
   * @return {@code [B, H', W', out]} float32
   */
  Operand<TFloat32> output(Ops tf, Operand<?> x, Operand<?> kernel);

  /**
   * The gradient of the input.
   *
   * @param x what {@link #inputForm} returned, of which the sizes count
   * @param kernel what {@link #prepared} returned
   * @param dy {@code [B, H', W', out]}
   * @return {@code [B, H, W, in]} float32
   */
  Operand<TFloat32> ofInput(Ops tf, Operand<?> x, Operand<?> kernel, Operand<?> dy);

  /**
   * The gradient of the kernel.
   *
   * @param x what {@link #inputForm} returned
   * @param dy {@code [B, H', W', out]}
   * @return {@code [kernel, kernel, in, out]} float32
   */
  Operand<TFloat32> ofKernel(Ops tf, Operand<?> x, Operand<?> dy);
}
