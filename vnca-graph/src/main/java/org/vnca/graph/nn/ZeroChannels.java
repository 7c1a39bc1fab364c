package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * A map with channels of zeros behind its own: an update that leaves the last channels of a cell as
 * they are (paper, A.8).
 *
 * @param in channels of the input
 * @param zeros how many are added
 */
public record ZeroChannels(int in, int zeros) implements Layer {

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(padded(tf, Rounding.float32(tf, x), 0, zeros), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(
        tf.stridedSlice(dy, Indices.ellipsis(), Indices.sliceTo(in)), Gradients.NONE);
  }

  /** A map with channels of zeros around its own. */
  static Operand<TFloat32> padded(Ops tf, Operand<TFloat32> x, int before, int after) {
    return tf.pad(
        x, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {before, after}}), tf.constant(0f));
  }

  @Override
  public Description description() {
    return Description.of("zero-channels").with("in", in).with("zeros", zeros);
  }

  @Override
  public MapShape output(MapShape input) {
    return input.withChannels(in + zeros);
  }
}
