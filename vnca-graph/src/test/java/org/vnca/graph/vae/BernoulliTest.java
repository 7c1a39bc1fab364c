package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.spec.LikelihoodSpec;

class BernoulliTest {
  static List<String> cases() {
    return Golden.cases("01_bernoulli", "inputs/logits", "grads/logits");
  }

  @ParameterizedTest
  @MethodSource("cases")
  @SuppressWarnings("unchecked")
  void logProbability_ofGoldenLogits_isGolden(String name) {
    try (Golden golden = new Golden("01_bernoulli");
        Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 logits = golden.get(name + "/inputs/logits").nhwc().tensor();
        TFloat32 images = golden.get(name + "/inputs/x").nhwc().tensor()) {
      Ops tf = Ops.create(graph);
      Likelihood bernoulli = Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1);
      Operand<TFloat32> states = tf.placeholder(TFloat32.class);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> logProbability = bernoulli.logProbability(tf, states, x);
      Output<?>[] gradient =
          graph.addGradients(
              tf.reduceSum(logProbability, tf.constant(0)).asOutput(),
              new Output<?>[] {states.asOutput()});
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(states, logits, x, images),
              List.of(logProbability, bernoulli.mean(tf, states), (Output<TFloat32>) gradient[0]));
      assertThat(golden.get(name + "/expected/loglik").deviation(got.get(0))).isLessThan(1e-5);
      assertThat(golden.get(name + "/expected/mean").nhwc().deviation(got.get(1))).isLessThan(1e-6);
      assertThat(golden.get(name + "/grads/logits").nhwc().deviation(got.get(2))).isLessThan(1e-5);
    }
  }

  @Test
  void sample_isOneWhereTheUniformIsBelowTheMean() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Likelihood bernoulli = Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1);
      Operand<TFloat32> states =
          tf.constant(new float[][][][] {{{{0f, 9f}, {100f, 9f}, {-100f, 9f}, {0f, 9f}}}});
      Operand<TFloat32> uniform =
          tf.constant(new float[][][][] {{{{0.49f}, {0.999f}, {0f}, {0.51f}}}});
      float[] got =
          Runs.fetch(session, Map.of(), List.of(bernoulli.sample(tf, states, uniform))).get(0);
      assertThat(got).containsExactly(1f, 1f, 0f, 0f);
    }
  }
}
