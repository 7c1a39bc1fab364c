package org.vnca.graph.rollout;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.Description;
import org.vnca.graph.nn.ChannelSlice;
import org.vnca.graph.nn.Weights;

/**
 * The cells that live, as in growing neural cellular automata (Mordvintsev et al. 2020): those that
 * have, among themselves and their eight neighbours, a cell of which one channel is above a
 * threshold, before the step and after it.
 *
 * @param channels of a cell
 * @param channel that tells whether a cell is grown, from 0
 * @param threshold above which it is; 0.1 in that paper
 */
public record AliveMask(int channels, int channel, double threshold) implements CellMask {

  @Override
  public boolean readsStates() {
    return true;
  }

  @Override
  public Description description() {
    return Description.of("alive").with("channel", channel).with("threshold", threshold);
  }

  @Override
  public Operand<TFloat32> mask(Ops tf, Cells cells) {
    return tf.math.mul(alive(tf, cells.before()), alive(tf, cells.after()));
  }

  private Operand<TFloat32> alive(Ops tf, Operand<TFloat32> states) {
    Operand<TFloat32> grown =
        new ChannelSlice(channels, channel, 1).forward(tf, states, Weights.NONE).float32(tf);
    Operand<TInt32> neighbourhood = tf.constant(new int[] {1, 3, 3, 1});
    Operand<TInt32> everyCell = tf.constant(new int[] {1, 1, 1, 1});
    Operand<TFloat32> most = tf.nn.maxPool(grown, neighbourhood, everyCell, "SAME");
    return tf.dtypes.cast(tf.math.greater(most, tf.constant((float) threshold)), TFloat32.class);
  }
}
