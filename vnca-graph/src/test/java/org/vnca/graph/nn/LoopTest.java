package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.Runs;

/** Loops against the same sums in Java. */
class LoopTest {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);

  @AfterEach
  void close() {
    graph.close();
  }

  private float value(Operand<TFloat32> wanted) {
    try (Session session = new Session(graph)) {
      return Runs.fetch(session, Map.of(), List.of(wanted)).get(0)[0];
    }
  }

  private static Operand<TFloat32> number(Ops scope, Operand<TInt32> integer) {
    return scope.dtypes.cast(integer, TFloat32.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 25})
  void variable_isWhatItsIterationsMakeOfIt(int times) {
    Operand<TFloat32> factor = tf.constant(2f);
    Loop loop = new Loop(tf, "loop", tf.constant(times));
    Loop.Variable<TFloat32> sum = loop.variable(tf.constant(1f));
    // The outer operand times the number of the iteration, and a constant of the body.
    Operand<TFloat32> more = loop.tf().math.mul(factor, number(loop.tf(), loop.t()));
    sum.next(loop.tf().math.add(sum.now(), loop.tf().math.add(more, loop.tf().constant(0.5f))));
    loop.end();
    assertThat(value(sum.last())).isEqualTo(1 + times * (times - 1) + 0.5f * times);
  }

  /** Such a value alone would be there in every iteration, so that they would never end. */
  @Test
  void variable_thatBecomesAnOuterOperand_ends() {
    Loop loop = new Loop(tf, "loop", tf.constant(3));
    Loop.Variable<TFloat32> one = loop.variable(tf.constant(1f));
    Loop.Variable<TFloat32> other = loop.variable(tf.constant(2f));
    one.next(tf.constant(5f));
    other.next(one.now());
    loop.end();
    assertThat(value(one.last())).isEqualTo(5);
    assertThat(value(other.last())).isEqualTo(5);
  }

  @Test
  void loopInALoop_readsBothAndWhatIsOutside() {
    Operand<TFloat32> outer = tf.constant(100f);
    Loop rows = new Loop(tf, "rows", tf.constant(3));
    Loop.Variable<TFloat32> sum = rows.variable(tf.constant(0f));
    Loop columns = new Loop(rows.tf(), "columns", tf.constant(2));
    Ops body = columns.tf();
    Loop.Variable<TFloat32> inner = columns.variable(tf.constant(0f));
    Operand<TFloat32> row = number(body, rows.t());
    Operand<TFloat32> column = number(body, columns.t());
    inner.next(
        body.math.add(
            inner.now(),
            body.math.add(outer, body.math.add(body.math.mul(row, body.constant(10f)), column))));
    columns.end();
    sum.next(rows.tf().math.add(sum.now(), inner.last()));
    rows.end();
    // 100, 101, 110, 111, 120, 121
    assertThat(value(sum.last())).isEqualTo(663);
  }

  /** An inner loop that depends on nothing of the outer one. */
  @Test
  void loopInALoop_ofConstants_runsInEachIteration() {
    Loop rows = new Loop(tf, "rows", tf.constant(4));
    Loop.Variable<TFloat32> sum = rows.variable(tf.constant(0f));
    Loop columns = new Loop(rows.tf(), "columns", tf.constant(3));
    Loop.Variable<TFloat32> inner = columns.variable(tf.constant(1f));
    inner.next(columns.tf().math.mul(inner.now(), columns.tf().constant(2f)));
    columns.end();
    sum.next(rows.tf().math.add(sum.now(), inner.last()));
    rows.end();
    assertThat(value(sum.last())).isEqualTo(32);
  }

  @Test
  void whatDependsOnNoVariable_standsBeforeTheLoop() {
    Loop loop = new Loop(tf, "loop", tf.constant(3));
    Loop.Variable<TFloat32> sum = loop.variable(tf.constant(0f));
    Operand<TFloat32> fixed = loop.tf().math.exp(loop.tf().constant(1f));
    sum.next(loop.tf().math.add(sum.now(), fixed));
    loop.end();
    assertThat(((GraphOperation) fixed.asOutput().op()).consumers())
        .extracting(GraphOperation::type)
        .containsExactly("Enter");
    assertThat(value(sum.last())).isCloseTo((float) (3 * Math.E), offset(1e-5f));
  }

  /**
   * A variable costs a Merge, a Switch and a NextIteration in each iteration, an operand nothing.
   */
  @Test
  void outerOperand_isNoVariable() {
    Operand<TFloat32> outer = tf.placeholder(TFloat32.class);
    Loop loop = new Loop(tf, "loop", tf.constant(3));
    Loop.Variable<TFloat32> sum = loop.variable(tf.constant(0f));
    sum.next(loop.tf().math.add(sum.now(), outer));
    loop.end();
    int merges = 0;
    for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
      merges += all.next().type().equals("Merge") ? 1 : 0;
    }
    assertThat(merges).as("the number of the iteration, and the sum").isEqualTo(2);
  }

  @Test
  void variableWithoutNext_isRefused() {
    Loop loop = new Loop(tf, "loop", tf.constant(3));
    loop.variable(tf.constant(0f));
    assertThatThrownBy(loop::end)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a variable of loop/loop has no next value");
  }
}
