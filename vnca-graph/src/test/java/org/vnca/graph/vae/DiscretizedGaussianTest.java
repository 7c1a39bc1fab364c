package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Runs;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;

/** Against integrals of the normal density in double precision. */
class DiscretizedGaussianTest {
  private static final float[] STATES = {0, 1.5f, -1.5f, 4, -4, 12, -12};

  private static Likelihood of(double sigma) {
    return Likelihood.of(new LikelihoodSpec.DiscretizedGaussian(sigma), 1, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.08, 0.1, 0.3, 1})
  void everyLevel_hasItsIntegralAsProbability_andCentralDifferencesAsGradient(double sigma) {
    int levels = 256;
    float[][][][] states = new float[STATES.length * levels][1][1][2];
    float[][][][] x = new float[states.length][1][1][1];
    for (int i = 0; i < states.length; i++) {
      states[i][0][0][0] = STATES[i / levels];
      states[i][0][0][1] = 9;
      x[i][0][0][0] = i % levels / 255f;
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> fed = tf.constant(states);
      Operand<TFloat32> nats = of(sigma).logProbability(tf, fed, tf.constant(x));
      Output<?>[] gradient =
          graph.addGradients(
              tf.reduceSum(nats, tf.constant(0)).asOutput(), new Output<?>[] {fed.asOutput()});
      Operand<TFloat32> mean = of(sigma).mean(tf, fed);
      List<float[]> got =
          Runs.fetch(session, Map.of(), List.of(nats, gradient[0].expect(TFloat32.class), mean));
      for (int s = 0; s < STATES.length; s++) {
        double sum = 0;
        double expectation = 0;
        for (int k = 0; k < levels; k++) {
          int i = s * levels + k;
          double expected = Math.log(probability(k, STATES[s], sigma));
          String what = "state %s, level %d, sigma %s".formatted(STATES[s], k, sigma);
          assertThat((double) got.get(0)[i]).as(what).isCloseTo(expected, within(2e-4));
          double up = Math.log(probability(k, STATES[s] + 1e-4, sigma));
          double down = Math.log(probability(k, STATES[s] - 1e-4, sigma));
          double slope = (up - down) / 2e-4;
          assertThat((double) got.get(1)[2 * i])
              .as("gradient, " + what)
              .isCloseTo(slope, within(2e-3 * Math.max(1, Math.abs(slope))));
          assertThat(got.get(1)[2 * i + 1]).as("of another channel").isZero();
          sum += Math.exp(got.get(0)[i]);
          expectation += Math.exp(expected) * k / 255;
        }
        assertThat(sum).as("all levels together").isCloseTo(1, within(1e-5));
        assertThat((double) got.get(2)[s * levels])
            .as("mean image, state " + STATES[s])
            .isCloseTo(expectation, within(2e-5));
      }
    }
  }

  @Test
  void samples_haveTheLevelsProbabilities() {
    int draws = 4096;
    float[][][][] uniform = new float[1][1][draws][1];
    float[][][][] states = new float[1][1][draws][1];
    for (int i = 0; i < draws; i++) {
      uniform[0][0][i][0] = i / (float) draws;
      states[0][0][i][0] = 1.5f;
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      float[] got =
          Runs.fetch(
                  session,
                  Map.of(),
                  List.of(of(0.1).sample(tf, tf.constant(states), tf.constant(uniform))))
              .get(0);
      int[] counts = new int[256];
      for (float value : got) {
        int level = Math.round(value * 255);
        assertThat(value).isEqualTo(level / 255f);
        counts[level]++;
      }
      for (int k = 0; k < counts.length; k++) {
        assertThat((double) counts[k])
            .as("level " + k)
            .isCloseTo(draws * probability(k, 1.5, 0.1), within(1.5));
      }
    }
  }

  @Test
  void otherWidths_andImagesOfTwoLevels_areRefused() {
    for (double sigma : new double[] {0.07, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new LikelihoodSpec.DiscretizedGaussian(sigma))
          .isInstanceOf(InvalidSetting.class)
          .hasMessage("sigma must be from 0.08 to 1, but is " + sigma);
    }
    LikelihoodSpec spec = new LikelihoodSpec.DiscretizedGaussian(0.1);
    spec.requireFits(new InputSpec(new ImageShape(8, 8, 3), 0, false));
    assertThatThrownBy(() -> spec.requireFits(new InputSpec(new ImageShape(8, 8, 1), 0, true)))
        .hasMessageContaining("must be bernoulli for images of 0 and 1");
  }

  /** By Simpson's rule over the level's width; the first and last level reach 40 widths further. */
  private static double probability(int level, double state, double sigma) {
    double mean = 1 / (1 + Math.exp(-state));
    double from = level == 0 ? Math.min(0, mean) - 40 * sigma : (level - 0.5) / 255;
    double to = level == 255 ? Math.max(1, mean) + 40 * sigma : (level + 0.5) / 255;
    int parts = level == 0 || level == 255 ? 20_000 : 40;
    double step = (to - from) / parts;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double z = (from + i * step - mean) / sigma;
      int weight = i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-z * z / 2);
    }
    return sum * step / 3 / (sigma * Math.sqrt(2 * Math.PI));
  }
}
