package org.vnca.graph.rollout;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.nn.Stream;

/**
 * Each cell takes part in a step with a probability, independently of the others.
 *
 * @param probability above 0 and below 1
 * @param draws what the random numbers are keyed by
 */
public record RandomCells(double probability, StepDraws draws) implements CellMask {

  @Override
  public Description description() {
    return Description.of("random-cells").with("probability", probability);
  }

  @Override
  public Operand<TFloat32> mask(Ops tf, Cells cells) {
    Operand<TFloat32> drawn = draws.uniform(tf, Stream.CELL_UPDATE, cells.before(), cells.t());
    return tf.dtypes.cast(tf.math.less(drawn, tf.constant((float) probability)), TFloat32.class);
  }
}
