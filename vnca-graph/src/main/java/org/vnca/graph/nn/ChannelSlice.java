package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * Consecutive channels of a map.
 *
 * @param in channels of the input
 * @param first the first that is taken, from 0
 * @param count how many are taken
 */
public record ChannelSlice(int in, int first, int count) implements Layer {
  public ChannelSlice {
    if (first < 0 || count < 1 || first + count > in) {
      throw new IllegalArgumentException(
          "channels " + first + " to " + (first + count - 1) + " are not among " + in);
    }
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    return new Forward(JoinedMaps.range(tf, Rounding.float32(tf, x), first, count), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    return new Backward(JoinedMaps.padded(tf, in, first, count, dy), Gradients.NONE);
  }

  @Override
  public Description description() {
    return Description.of("slice").with("in", in).with("first", first).with("count", count);
  }

  @Override
  public MapShape output(MapShape input) {
    return input.withChannels(count);
  }
}
