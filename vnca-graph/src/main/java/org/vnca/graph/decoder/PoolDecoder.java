package org.vnca.graph.decoder;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * A decoder whose last states can go on, since the last part of a decoding is steps on their grid:
 * so it can be trained from a pool of them. A training step with a pool is {@link #growth}, then
 * {@link #settle} of what has grown and of the pool's states together.
 */
public interface PoolDecoder extends Decoder {
  @Override
  default Optional<PoolDecoder> pooled() {
    return Optional.of(this);
  }

  /**
   * How many steps {@link #settle} takes in a training step, whose number they are keyed by.
   *
   * @return scalar int32
   */
  Operand<TInt32> steps(Ops tf, Draw draw);

  /**
   * The part of a decoding, in a training step, that comes before the states are like a pool's.
   *
   * @param z {@code [b, Z]}
   * @return whose last map has the shape of a pool's states, {@code [b, H, W, C]}
   */
  Trace growth(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw);

  /**
   * Further steps of any states in a training step; keeps what the gradient needs.
   *
   * @param states {@code [b, H, W, C]}
   * @param steps how many, scalar int32
   * @return whose backward pass gives, in place of a latent vector's gradient, that of the states
   */
  Trace settle(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Draw draw);
}
