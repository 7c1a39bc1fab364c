package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Loop;

/**
 * The cells that others would update some steps later.
 *
 * @param cells the others
 * @param time how many steps later, scalar int32
 */
record LaterCells(CellUpdate cells, Operand<TInt32> time) implements CellUpdate {
  @Override
  public List<Operand<?>> captured() {
    List<Operand<?>> captured = new ArrayList<>(cells.captured());
    captured.add(time);
    return captured;
  }

  @Override
  public Optional<Operand<TFloat32>> mask(
      Ops tf, Operand<TFloat32> like, Operand<TInt32> t, List<Operand<?>> captured) {
    int last = captured.size() - 1;
    Operand<TInt32> later = tf.math.add(t, Loop.<TInt32>typed(captured.get(last)));
    return cells.mask(tf, like, later, captured.subList(0, last));
  }
}
