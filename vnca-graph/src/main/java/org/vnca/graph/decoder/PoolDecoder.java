package org.vnca.graph.decoder;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * A decoder whose last states can grow on, since they lie on the grid that it begins with: so it
 * can be trained from a pool of them.
 */
public interface PoolDecoder extends Decoder {
  @Override
  default Optional<PoolDecoder> pooled() {
    return Optional.of(this);
  }

  /**
   * T of a training step.
   *
   * @return scalar int32
   */
  Operand<TInt32> steps(Ops tf, Draw draw);

  /**
   * Grows any states in a training step, and keeps what the gradient needs.
   *
   * @param states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   * @return whose backward pass gives, in place of a latent vector's gradient, that of the states
   */
  Trace grow(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Draw draw);

  /**
   * The gradient of z from that of its seeds.
   *
   * @param dSeeds {@code [B, H, W, C]}
   * @return {@code [B, Z]}
   */
  Operand<TFloat32> seedsBackward(Ops tf, Operand<TFloat32> dSeeds);
}
