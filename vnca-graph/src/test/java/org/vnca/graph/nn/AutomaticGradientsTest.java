package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Runs;

class AutomaticGradientsTest {

  /** Of y = x^2 and w = y^2 + x, with the seeds 2 and 10: 2 * 2x + 10 (4 x^3 + 1). */
  @Test
  void tensorsThatAreMadeOfEachOther_giveAllTheirGradients() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.constant(3f);
      Operand<TFloat32> y = tf.math.square(x);
      Operand<TFloat32> w = tf.math.add(tf.math.square(y), x);
      List<Operand<TFloat32>> both =
          AutomaticGradients.of(
              tf, "both", List.of(y, w), List.of(x), List.of(tf.constant(2f), tf.constant(10f)));
      List<Operand<TFloat32>> turned =
          AutomaticGradients.of(
              tf, "turned", List.of(w, y), List.of(x), List.of(tf.constant(10f), tf.constant(2f)));
      for (Operand<TFloat32> gradient : List.of(both.get(0), turned.get(0))) {
        assertThat(Runs.fetch(session, Map.of(), List.of(gradient)).get(0)).containsExactly(1102f);
      }
    }
  }
}
