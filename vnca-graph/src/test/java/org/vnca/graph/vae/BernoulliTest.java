package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
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

  @Test
  void logProbability_keepsTheTails_andItsGradientOneRounding() {
    float[] logits = {0, 1e-7f, -1e-7f, 3, -3, 12, -12, 20, -20, 60, -60, 104, -104, 1e4f, -1e4f};
    float[] values = {0, 1, 0.25f};
    float[][][][] states = new float[logits.length * values.length][1][1][1];
    float[][][][] x = new float[states.length][1][1][1];
    for (int i = 0; i < states.length; i++) {
      states[i][0][0][0] = logits[i % logits.length];
      x[i][0][0][0] = values[i / logits.length];
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> of = tf.constant(states);
      Operand<TFloat32> logProbability =
          Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1)
              .logProbability(tf, of, tf.constant(x));
      Output<?>[] gradient =
          graph.addGradients(
              tf.reduceSum(logProbability, tf.constant(0)).asOutput(),
              new Output<?>[] {of.asOutput()});
      List<float[]> got =
          Runs.fetch(
              session, Map.of(), List.of(logProbability, gradient[0].expect(TFloat32.class)));
      for (int i = 0; i < states.length; i++) {
        double l = states[i][0][0][0];
        double p = x[i][0][0][0];
        // Both losses are positive, so nothing cancels.
        double expected = -p * softplus(-l) - (1 - p) * softplus(l);
        double slope = p / (1 + Math.exp(l)) - (1 - p) / (1 + Math.exp(-l));
        String what = "logit " + l + ", value " + p;
        assertThat((double) got.get(0)[i])
            .as(what)
            .isCloseTo(expected, within(3e-7 * Math.abs(expected) + 1e-37));
        assertThat((double) got.get(1)[i]).as(what).isCloseTo(slope, within(1.2e-7));
      }
    }
  }

  @Test
  void anUnknownKind_isRefused() {
    assertThatThrownBy(() -> Likelihood.of(new Foreign(), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no likelihood has settings of")
        .hasMessageContaining("Foreign")
        .hasMessageContaining("[bernoulli, logistic-mixture, discretized-gaussian]");
  }

  /** Settings that no likelihood has. */
  private record Foreign() implements LikelihoodSpec {
    @Override
    public int parameterChannels(int imageChannels) {
      return imageChannels;
    }

    @Override
    public boolean binary() {
      return true;
    }

    @Override
    public void requireFits(InputSpec input) {}
  }

  @Test
  void imagesOfManyLevels_areRefused() {
    LikelihoodSpec bernoulli = new LikelihoodSpec.Bernoulli();
    bernoulli.requireFits(new InputSpec(new ImageShape(8, 8, 3), 0, true));
    for (int channels : new int[] {1, 3}) {
      assertThatThrownBy(
              () -> bernoulli.requireFits(new InputSpec(new ImageShape(8, 8, channels), 0, false)))
          .isInstanceOf(InvalidSetting.class)
          .hasMessage(
              "likelihood must be logistic-mixture for images of 0 to 255, of which bernoulli gives"
                  + " no log-probability (or make them 0 and 1: data.binarize),"
                  + " but is bernoulli");
    }
    assertThatThrownBy(
            () -> bernoulli.requireFits(new InputSpec(new ImageShape(8, 8, 4), 0, false)))
        .hasMessageContaining("not of 0 to 255 and 8x8x4");
  }

  private static double softplus(double a) {
    return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
  }
}
