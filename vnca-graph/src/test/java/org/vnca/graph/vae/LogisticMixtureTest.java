package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

class LogisticMixtureTest {

  /**
   * Parameters of a component of three channels: weight, and mean, scale and coefficient of each.
   */
  private static final int OF_A_COMPONENT = 10;

  static List<String> cases() {
    return Golden.cases("02_dml", "inputs/params", "expected/loglik_map", "grads/params");
  }

  static List<String> samples() {
    return Golden.cases("02_dml", "inputs/params", "inputs/u_mix", "expected/sample");
  }

  static List<Arguments> means() {
    return Golden.cases("02_dml", "inputs/params", "expected/mc_mean").stream()
        .flatMap(name -> Stream.of(0, 1000).map(count -> Arguments.of(name, count)))
        .toList();
  }

  private static int components(Golden golden, String name) {
    return golden.get(name + "/inputs/params").shape()[1] / OF_A_COMPONENT;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logProbability_ofGoldenParameters_isGolden(String name) {
    try (Golden golden = new Golden("02_dml");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int components = components(golden, name);
      // Several components lose more of their gradients to cancellation in float32.
      double gradients = components == 1 ? 1e-4 : 1e-3;
      Values parameters = golden.get(name + "/inputs/params").nhwc();
      Operand<TFloat32> states = constant(tf, parameters);
      Operand<TFloat32> x = constant(tf, golden.get(name + "/inputs/x").nhwc());
      LogisticMixture mixture = mixture(components, 100, 3);
      Operand<TFloat32> logProbability = mixture.logProbability(tf, states, x);
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(
                  logProbability,
                  mixture.perPixel(tf, states, x),
                  gradient(graph, tf, logProbability, states)));
      Values logLikelihood = golden.get(name + "/expected/loglik");
      for (int i = 0; i < got.get(0).length; i++) {
        assertThat((double) got.get(0)[i])
            .as("image " + i)
            .isCloseTo(logLikelihood.data()[i], within(1e-6 * Math.abs(logLikelihood.data()[i])));
      }
      assertThat(golden.get(name + "/expected/loglik_map").deviation(got.get(1))).isLessThan(1e-6);
      Values expected = golden.get(name + "/grads/params").nhwc();
      int each = expected.data().length / got.get(0).length;
      for (int i = 0; i < got.get(0).length; i++) {
        float[] image = Arrays.copyOfRange(got.get(2), i * each, (i + 1) * each);
        assertThat(expected.part(i).deviation(image)).as("image " + i).isLessThan(gradients);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_ofGoldenUniforms_isGolden(String name) {
    try (Golden golden = new Golden("02_dml");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int components = components(golden, name);
      Operand<TFloat32> states = constant(tf, golden.get(name + "/inputs/params").nhwc());
      Operand<TFloat32> uniform =
          tf.concat(
              List.of(
                  constant(tf, golden.get(name + "/inputs/u_mix").nhwc()),
                  constant(tf, golden.get(name + "/inputs/u_chan").nhwc())),
              tf.constant(-1));
      LogisticMixture mixture = mixture(components, 100, 3);
      assertThat(mixture.draws()).isEqualTo(components + 3);
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(
                  mixture.sample(tf, states, uniform),
                  tf.dtypes.cast(mixture.component(tf, states, uniform), TFloat32.class)));
      assertThat(golden.get(name + "/expected/sample").nhwc().deviation(got.get(0)))
          .isLessThan(1e-5);
      assertThat(got.get(1)).isEqualTo(golden.get(name + "/expected/mixture_index").floats());
    }
  }

  @ParameterizedTest
  @MethodSource("means")
  void mean_isThatOfManySamples(String name, int samples) {
    try (Golden golden = new Golden("02_dml");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> states = constant(tf, golden.get(name + "/inputs/params").nhwc());
      Operand<TFloat32> mean = mixture(components(golden, name), samples, 3).mean(tf, states);
      float[] got = Runs.fetch(session, Map.of(), List.of(mean)).get(0);
      double[] expected = golden.get(name + "/expected/mc_mean").nhwc().data();
      double[] error = golden.get(name + "/expected/mc_stderr").nhwc().data();
      // The reference is the average of 100,000 samples, which its error is of.
      double own = samples == 0 ? 0 : Math.sqrt(1e5 / samples);
      double worst = 0;
      for (int i = 0; i < got.length; i++) {
        worst = Math.max(worst, Math.abs(got[i] - expected[i]) / (error[i] * Math.hypot(1, own)));
        assertThat((double) got[i])
            .as("value " + i)
            .isCloseTo(expected[i], within(5 * error[i] * Math.hypot(1, own) + 1e-6));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3,2,0", "1,3,0", "3,1,50"})
  void mean_ofAnImage_dependsOnItsStatesAlone(int channels, int components, int samples) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      LogisticMixture mixture = mixture(components, samples, channels);
      int parameters =
          new LikelihoodSpec.LogisticMixture(components, samples, false)
              .parameterChannels(channels);
      Values states = random(5, 4, 2, 4, 4, parameters + 2);
      Operand<TFloat32> all = mixture.mean(tf, constant(tf, states));
      Operand<TFloat32> one = mixture.mean(tf, constant(tf, states.part(3)));
      List<float[]> got = Runs.fetch(session, Map.of(), List.of(all, one));
      int size = 2 * 4 * 4 * channels;
      assertThat(got.get(1)).hasSize(size);
      for (int i = 0; i < size; i++) {
        assertThat(got.get(1)[i]).isCloseTo(got.get(0)[3 * size + i], within(1e-6f));
        assertThat(got.get(1)[i]).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void expectation_isThatOfAFineGrid() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      // 24 pixels of widely spread means and scales, 3 components.
      Values states = random(3, 1, 4, 6, 30);
      float[] got =
          Runs.fetch(session, Map.of(), List.of(mixture(3, 0, 3).mean(tf, constant(tf, states))))
              .get(0);
      for (int pixel = 0; pixel < 24; pixel++) {
        double[] p = Arrays.copyOfRange(states.data(), pixel * 30, pixel * 30 + 30);
        double[] expected = expectation(p, 3);
        for (int c = 0; c < 3; c++) {
          assertThat((double) got[pixel * 3 + c])
              .as("pixel " + pixel + ", channel " + c)
              .isCloseTo(expected[c], within(1e-4));
        }
      }
    }
  }

  /** Red and green against an integral by parts, in doubles, of 4 x 201 nodes. */
  @Test
  void expectation_ofExtremes_isWithinItsBound() {
    double[] means = {-100, -3, -1.5, -1.05, -1, -0.9, -0.5, 0, 0.3, 0.99, 1, 1.2, 4};
    double[] logScales = {-7, -6.5, -5, -4, -3, -2, -1.5, -1, -0.5, 0, 1, 7};
    Random random = new Random(11);
    int pixels = 2000;
    float[][][][] states = new float[1][1][pixels][10];
    for (float[] p : states[0][0]) {
      for (int c = 0; c < 3; c++) {
        p[1 + 3 * c] = (float) means[random.nextInt(means.length)];
        p[2 + 3 * c] = (float) logScales[random.nextInt(logScales.length)];
        p[3 + 3 * c] = (float) (1.5 * random.nextGaussian());
      }
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      float[] got =
          Runs.fetch(session, Map.of(), List.of(mixture(1, 0, 3).mean(tf, tf.constant(states))))
              .get(0);
      for (int i = 0; i < pixels; i++) {
        float[] p = states[0][0][i];
        Clipped red = new Clipped(p[1], Math.exp(p[2]));
        Clipped green = new Clipped(p[4], Math.exp(p[5]));
        String what = "states " + Arrays.toString(p);
        assertThat((double) got[3 * i])
            .as("red, " + what)
            .isCloseTo((red.mean(0) + 1) / 2, within(1e-6));
        assertThat((double) got[3 * i + 1])
            .as("green, " + what)
            .isCloseTo((onRed(red, green, Math.tanh(p[3])) + 1) / 2, within(1e-4));
        assertThat(got[3 * i + 2]).as("blue, " + what).isBetween(-1e-6f, 1 + 1e-6f);
      }
    }
  }

  /**
   * Nothing bounds what a net gives where clip is off: exponentials overflow, differences cancel.
   */
  @Test
  void expectation_ofUnboundedParameters_isThatOfTheLimit() {
    float[] means = {-1e30f, -1e6f, -3, 0, 0.5f, 2, 1e5f, 1e30f};
    float[] logScales = {-1e30f, -7, 0, 12, 60, 86, 88.5f, 89, 120, 1e30f};
    int pixels = means.length * logScales.length;
    // Once with channels that do not depend on each other, then with ones that do.
    float[][][][] states = new float[2][1][pixels][10];
    Random random = new Random(12);
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < 3; c++) {
        states[0][0][i][1 + 3 * c] = means[i % means.length];
        states[0][0][i][2 + 3 * c] = logScales[i / means.length];
        states[1][0][i][1 + 3 * c] = means[random.nextInt(means.length)];
        states[1][0][i][2 + 3 * c] = logScales[random.nextInt(logScales.length)];
        states[1][0][i][3 + 3 * c] = means[random.nextInt(means.length)];
      }
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      float[] got =
          Runs.fetch(session, Map.of(), List.of(mixture(1, 0, 3).mean(tf, tf.constant(states))))
              .get(0);
      for (int i = 0; i < 2 * pixels; i++) {
        float[] p = states[i / pixels][0][i % pixels];
        for (int c = 0; c < 3; c++) {
          String what = "channel " + c + " of states " + Arrays.toString(p);
          if (i < pixels || c == 0) {
            assertThat((double) got[3 * i + c])
                .as(what)
                .isCloseTo((limit(p[1 + 3 * c], p[2 + 3 * c]) + 1) / 2, within(1e-4));
          } else {
            assertThat(got[3 * i + c]).as(what).isBetween(-1e-6f, 1 + 1e-6f);
          }
        }
      }
    }
  }

  /** The mean of a clipped logistic, by the signs and sizes that are left of it. */
  private static double limit(double mean, double logScale) {
    double scale = Math.exp(Math.max(logScale, -7));
    if (Math.abs(mean) < 1e-6 * scale) {
      return 0;
    }
    double above = Math.log1p(Math.exp(-Math.abs(mean + 1) / scale));
    double below = Math.log1p(Math.exp(-Math.abs(mean - 1) / scale));
    return Math.max(-1, Math.min(1, mean)) + scale * (above - below);
  }

  @Test
  void sample_ofUnboundedScales_isANumber() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> states = tf.constant(new float[][][][] {{{{0, 0.5f, 200}}}});
      LogisticMixture mixture = mixture(1, 0, 1);
      for (float[] drawn : new float[][] {{0.5f, 0.75f}, {0.6f, 1}, {0.4f, 0}}) {
        Operand<TFloat32> uniform = tf.constant(new float[][][][] {{{{0.5f, drawn[0]}}}});
        assertThat(
                Runs.fetch(session, Map.of(), List.of(mixture.sample(tf, states, uniform))).get(0))
            .as("uniform " + drawn[0])
            .containsExactly(drawn[1]);
      }
    }
  }

  /** f(-1) + the integral of f'(t) P(R > t), f being green's mean where red is t. */
  private static double onRed(Clipped red, Clipped green, double slope) {
    double[] cuts = {
      -1,
      Math.max(-1, Math.min(1, red.location())),
      Math.max(-1, Math.min(1, (-1 - green.location()) / slope)),
      Math.max(-1, Math.min(1, (1 - green.location()) / slope)),
      1
    };
    Arrays.sort(cuts);
    double sum = green.mean(-slope);
    double step = 6.2 / 200;
    for (int piece = 0; piece < 4; piece++) {
      double width = cuts[piece + 1] - cuts[piece];
      for (int k = -100; k <= 100; k++) {
        double a = Math.PI / 2 * Math.sinh(k * step);
        double t = cuts[piece] + width / (1 + Math.exp(-2 * a));
        double weight =
            width * step * Math.PI / 4 * Math.cosh(k * step) / Math.pow(Math.cosh(a), 2);
        double shifted = green.location() + slope * t;
        double inside =
            logistic((shifted + 1) / green.scale()) - logistic((shifted - 1) / green.scale());
        sum += weight * slope * inside * logistic((red.location() - t) / red.scale());
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void logProbability_ofGreyImages_isThatOfDoubles(int components) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Values parameters = random(7, 3, 4, 5, 3 * components + 1);
      Values image = levels(8, 3, 4, 5, 1);
      Operand<TFloat32> states = constant(tf, parameters);
      LogisticMixture mixture = mixture(components, 0, 1);
      Operand<TFloat32> logProbability = mixture.logProbability(tf, states, constant(tf, image));
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(logProbability, gradient(graph, tf, logProbability, states)));
      int stride = 3 * components + 1;
      for (int i = 0; i < 3; i++) {
        double sum = 0;
        for (int pixel = i * 20; pixel < (i + 1) * 20; pixel++) {
          double[] p = Arrays.copyOfRange(parameters.data(), pixel * stride, (pixel + 1) * stride);
          double x = image.data()[pixel];
          sum += grey(p, components, x);
          for (int k = 0; k < stride; k++) {
            double[] up = p.clone();
            double[] down = p.clone();
            up[k] += 1e-5;
            down[k] -= 1e-5;
            double slope = (grey(up, components, x) - grey(down, components, x)) / 2e-5;
            assertThat((double) got.get(1)[pixel * stride + k])
                .as("pixel " + pixel + ", channel " + k)
                .isCloseTo(slope, within(1e-4 * Math.max(1, Math.abs(slope))));
          }
        }
        assertThat((double) got.get(0)[i]).isCloseTo(sum, within(1e-5 * Math.abs(sum)));
      }
    }
  }

  /** The definition in doubles, with its switch to the density, over levels, means and scales. */
  @Test
  void logProbability_overAGrid_isThatOfDoubles() {
    int[] levels = {0, 1, 2, 64, 127, 128, 200, 253, 254, 255};
    float[] means = {-100, -3, -1.05f, -1, -0.996f, -0.5f, 0, 0.3f, 0.99f, 1, 1.01f, 4, 100};
    float[] logScales = {-9, -7, -6.5f, -6, -5, -4, -3, -2, -1, 0, 1, 3, 5, 7};
    int size = levels.length * means.length * logScales.length;
    float[][][][] states = new float[size][1][1][3];
    float[][][][] x = new float[size][1][1][1];
    int at = 0;
    for (int level : levels) {
      for (float mean : means) {
        for (float logScale : logScales) {
          states[at][0][0] = new float[] {0, mean, logScale};
          x[at++][0][0][0] = level / 255f;
        }
      }
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> of = tf.constant(states);
      Operand<TFloat32> logProbability = mixture(1, 0, 1).logProbability(tf, of, tf.constant(x));
      List<float[]> got =
          Runs.fetch(
              session, Map.of(), List.of(logProbability, gradient(graph, tf, logProbability, of)));
      double worst = 0;
      double worstSlope = 0;
      for (int i = 0; i < size; i++) {
        float[] p = states[i][0][0];
        double[] exact = exactly(p[1], Math.max(p[2], -7), x[i][0][0][0]);
        // What one rounding of the pixel's value (6e-8) may do, and of the logarithm itself.
        double conditioned = 2e-7 * Math.exp(-Math.max(p[2], -7)) * Math.max(1, Math.abs(p[1]));
        worst =
            Math.max(
                worst,
                Math.abs(got.get(0)[i] - exact[0])
                    / (2e-6 * Math.max(1, Math.abs(exact[0])) + conditioned));
        if (p[2] >= -7) {
          double scaled = exact[1] * Math.exp(-Math.max(p[2], -7));
          worstSlope =
              Math.max(
                  worstSlope,
                  Math.abs(got.get(1)[3 * i + 1] - scaled)
                      / ((2e-5 + conditioned) * Math.exp(-p[2])));
        }
      }
      assertThat(worst).as("log-probability, in allowed errors").isLessThan(1);
      assertThat(worstSlope).as("slope by the mean, in allowed errors").isLessThan(1);
    }
  }

  /** Log p and its slope by mean / scale, by formulas that do not cancel. */
  private static double[] exactly(double mean, double logScale, float x) {
    double inverse = Math.exp(-logScale);
    double v = 2 * (double) x - 1;
    double a = inverse * (v - mean + 1 / 255.0);
    double b = inverse * (v - mean - 1 / 255.0);
    double below = -Clipped.softplus(-a);
    double above = -Clipped.softplus(b);
    if (v < -0.999) {
      return new double[] {below, -logistic(-a)};
    }
    if (v > 0.999) {
      return new double[] {above, logistic(b)};
    }
    double bin = below + above + Math.log(-Math.expm1(b - a));
    if (bin > Math.log(1e-5)) {
      return new double[] {bin, logistic(b) - logistic(-a)};
    }
    double middle = inverse * (v - mean);
    return new double[] {
      middle - logScale - 2 * Clipped.softplus(middle) - Math.log(127.5),
      logistic(middle) - logistic(-middle)
    };
  }

  @Test
  void gradients_ofExtremeParameters_areFinite() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      float[] extremes = {-1e4f, -200, -7, 0, 200, 1e4f};
      float[][][][] parameters = new float[6 * 6][1][3][3];
      float[][][][] image = new float[6 * 6][1][3][1];
      for (int i = 0; i < 36; i++) {
        for (int level = 0; level < 3; level++) {
          parameters[i][0][level] = new float[] {0, extremes[i % 6], extremes[i / 6]};
          image[i][0][level][0] = level / 2f;
        }
      }
      Operand<TFloat32> states = tf.constant(parameters);
      Operand<TFloat32> logProbability =
          mixture(1, 0, 1).logProbability(tf, states, tf.constant(image));
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(logProbability, gradient(graph, tf, logProbability, states)));
      for (float[] values : got) {
        for (float value : values) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  @Test
  void probabilities_ofAllGreyLevels_sumToOne() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      float[][][][] image = new float[256][1][1][1];
      for (int level = 0; level < 256; level++) {
        image[level][0][0][0] = level / 255f;
      }
      Operand<TFloat32> states =
          tf.constant(new float[][][][] {{{{0.3f, -0.2f, -0.4f, 0.5f, -1.5f, -2f}}}});
      Operand<TFloat32> logProbability =
          mixture(2, 0, 1).logProbability(tf, states, tf.constant(image));
      double sum = 0;
      for (float value : Runs.fetch(session, Map.of(), List.of(logProbability)).get(0)) {
        sum += Math.exp(value);
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void imagesOrLatentsThatDoNotSuit_areRefused() {
    InputSpec rgb = new InputSpec(new ImageShape(8, 8, 3), 0, false);
    assertThatThrownBy(() -> new Vnca(model(9), rgb, 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("latent must be at least 10, the channels that the likelihood reads, but is 9");
    new Vnca(model(10), rgb, 1).close();
    InputSpec binary = new InputSpec(new ImageShape(8, 8, 1), 0, true);
    assertThatThrownBy(() -> new Vnca(model(10), binary, 1))
        .hasMessage(
            "likelihood must be bernoulli for images of 0 and 1, since the other 254 levels never"
                + " occur, but is logistic-mixture");
    InputSpec two = new InputSpec(new ImageShape(8, 8, 2), 0, false);
    assertThatThrownBy(() -> new Vnca(model(10), two, 1))
        .hasMessage(
            "likelihood needs images that are grey, RGB, or of 0 and 1 alone, not of 0 to 255 and"
                + " 8x8x2 (import them anew), but is logistic-mixture");
  }

  private static ModelSpec model(int latent) {
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(2, 5),
        DecoderSpec.Doubling.of(2, 1, new UpdateSpec.Simple(2)),
        LikelihoodSpec.LogisticMixture.PAPER);
  }

  private static LogisticMixture mixture(int components, int meanSamples, int channels) {
    return (LogisticMixture)
        Likelihood.of(
            new LikelihoodSpec.LogisticMixture(components, meanSamples, false), channels, 1);
  }

  /** log p of a grey level, as the definition has it: logits, means, log-scales. */
  private static double grey(double[] p, int components, double x) {
    double v = 2 * x - 1;
    double all = 0;
    double sum = 0;
    for (int m = 0; m < components; m++) {
      double inverse = Math.exp(-Math.max(p[2 * components + m], -7));
      double mean = p[components + m];
      double upper = logistic(inverse * (v - mean + 1 / 255.0));
      double lower = logistic(inverse * (v - mean - 1 / 255.0));
      double middle = logistic(inverse * (v - mean));
      double mass = upper - lower > 1e-5 ? upper - lower : middle * (1 - middle) * inverse / 127.5;
      double bin = v < -0.999 ? upper : v > 0.999 ? 1 - lower : mass;
      all += Math.exp(p[m]);
      sum += Math.exp(p[m]) * bin;
    }
    return Math.log(sum / all);
  }

  /** The expectation of a pixel in [0, 1], over a grid of equally likely reds and greens. */
  private static double[] expectation(double[] p, int components) {
    int points = 400;
    double[] quantiles = new double[points];
    for (int i = 0; i < points; i++) {
      double u = (i + 0.5) / points;
      quantiles[i] = Math.log(u / (1 - u));
    }
    double all = 0;
    double[] sums = new double[3];
    for (int m = 0; m < components; m++) {
      Clipped[] channels = new Clipped[3];
      for (int c = 0; c < 3; c++) {
        int block = components + 3 * components * c + m;
        channels[c] = new Clipped(p[block], Math.exp(Math.max(p[block + components], -7)));
      }
      double share = Math.exp(p[m]);
      all += share;
      sums[0] += share * channels[0].mean(0);
      for (double forRed : quantiles) {
        double red = channels[0].value(0, forRed);
        double onRed = Math.tanh(p[3 * components + m]) * red;
        sums[1] += share / points * channels[1].mean(onRed);
        for (double forGreen : quantiles) {
          double green = channels[1].value(onRed, forGreen);
          double onBoth =
              Math.tanh(p[6 * components + m]) * red + Math.tanh(p[9 * components + m]) * green;
          sums[2] += share / points / points * channels[2].mean(onBoth);
        }
      }
    }
    for (int c = 0; c < 3; c++) {
      sums[c] = (sums[c] / all + 1) / 2;
    }
    return sums;
  }

  /** A logistic clipped to [-1, 1], shifted before it is clipped. */
  private record Clipped(double location, double scale) {
    double value(double shift, double quantile) {
      return Math.max(-1, Math.min(1, location + shift + scale * quantile));
    }

    double mean(double shift) {
      double upper = (location + shift + 1) / scale;
      double lower = (location + shift - 1) / scale;
      return scale * (softplus(upper) - softplus(lower)) - 1;
    }

    private static double softplus(double a) {
      return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }
  }

  private static double logistic(double a) {
    return 1 / (1 + Math.exp(-a));
  }

  private static Values random(long seed, int... shape) {
    Random random = new Random(seed);
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] data = new double[size];
    for (int i = 0; i < size; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return new Values("random", shape, data);
  }

  private static Values levels(long seed, int... shape) {
    Values values = random(seed, shape);
    for (int i = 0; i < values.data().length; i++) {
      long level = Math.max(0, Math.min(255, Math.round(127 + 120 * values.data()[i])));
      values.data()[i] = (float) (level / 255.0);
    }
    return values;
  }

  private static Operand<TFloat32> constant(Ops tf, Values values) {
    try (TFloat32 tensor = values.tensor()) {
      return tf.constantOf(tensor);
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> gradient(
      Graph graph, Ops tf, Operand<TFloat32> of, Operand<TFloat32> by) {
    Output<?>[] found =
        graph.addGradients(
            tf.reduceSum(of, tf.constant(0)).asOutput(), new Output<?>[] {by.asOutput()});
    return (Output<TFloat32>) found[0];
  }
}
