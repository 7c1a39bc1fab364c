package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.Posterior;

class BoundsTest {
  private static final int IMAGES = 3;
  private static final int LATENT = 8;

  @ParameterizedTest
  @CsvSource({"logvar,1", "logvar,5", "logvar,128", "logsigma,1", "logsigma,5", "logsigma,128"})
  void bounds_ofGoldenPosterior_areGoldenWithTheirGradients(String name, int n) {
    try (Golden golden = new Golden("03_latent");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Toy toy = new Toy(Ops.create(graph), golden, name, n);
      Map<String, Operand<TFloat32>> losses = toy.losses();
      for (Map.Entry<String, Operand<TFloat32>> loss : losses.entrySet()) {
        Values expected = golden.get(name + "/expected/" + loss.getKey());
        assertThat(expected.deviation(fetch(session, loss.getValue())))
            .as(loss.getKey())
            .isLessThan(1e-5);
      }
      List<String> gradients = golden.children(name + "/grads");
      int checked = 0;
      for (Map.Entry<String, Operand<TFloat32>> loss : losses.entrySet()) {
        if (gradients.contains(loss.getKey() + ".q")) {
          float[] gradient = fetch(session, toy.gradient(graph, loss.getValue()));
          Values expected = golden.get(name + "/grads/" + loss.getKey() + ".q");
          assertThat(expected.deviation(gradient)).as(loss.getKey()).isLessThan(1e-4);
          checked++;
        }
      }
      assertThat(checked).as("gradients for n = " + n).isEqualTo(n == 128 ? 0 : 3);
    }
  }

  @ParameterizedTest
  @CsvSource({"logvar", "logsigma"})
  void posterior_ofGoldenOutput_hasGoldenSigmaKlAndSample(String name) {
    try (Golden golden = new Golden("03_latent");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Toy toy = new Toy(tf, golden, name, 5);
      assertThat(deviation(golden, name + "/expected/sigma", session, toy.q.sigma(tf)))
          .isLessThan(1e-5);
      float[] kl = fetch(session, toy.q.klPerDimension(tf));
      assertThat(golden.get(name + "/expected/kl_per_dim").deviation(kl)).isLessThan(1e-5);
      for (float value : kl) {
        assertThat(value).isGreaterThanOrEqualTo(0f);
      }
      assertThat(deviation(golden, name + "/expected/kl", session, toy.q.kl(tf))).isLessThan(1e-5);
      assertThat(deviation(golden, name + "/expected/z_n5", session, toy.z)).isLessThan(1e-5);
      assertThat(deviation(golden, name + "/expected/logpx_given_z_n5", session, toy.logLikelihood))
          .isLessThan(1e-5);
    }
  }

  @Test
  void iwae_ofMoreSamples_doesNotFallOnAverage() {
    try (Golden golden = new Golden("03_latent");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      double previous = Double.NEGATIVE_INFINITY;
      for (int n : new int[] {1, 2, 4, 8, 16, 32, 64}) {
        // All 128 noise vectors, as 128 / n independent estimates with n samples each.
        Toy toy = new Toy(tf, golden, "logvar", 128);
        Operand<TFloat32> groups =
            tf.reshape(toy.logWeights, tf.constant(new int[] {IMAGES * 128 / n, n}));
        double mean = 0;
        float[] bounds = fetch(session, Bounds.iwae(tf, groups));
        for (float bound : bounds) {
          mean += bound / bounds.length;
        }
        assertThat(mean).as("n = " + n).isGreaterThanOrEqualTo(previous - 1e-4);
        previous = mean;
      }
    }
  }

  @Test
  void iwae_ofHugeWeights_doesNotOverflow() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> weights = tf.constant(new float[][] {{-5000f, -5000f}, {400f, 0f}});
      assertThat(fetch(session, Bounds.iwae(tf, weights)))
          .containsExactly(-5000f, (float) (400 - Math.log(2)));
    }
  }

  @Test
  void iwae_ofOneAxis_isRefused() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      assertThatThrownBy(() -> Bounds.iwae(tf, tf.constant(new float[] {1f})))
          .hasMessage("log-weights need the shape [B, n], but have [1]");
    }
  }

  private static float[] fetch(Session session, Operand<TFloat32> operand) {
    return Runs.fetch(session, Map.of(), List.of(operand)).get(0);
  }

  private static double deviation(
      Golden golden, String path, Session session, Operand<TFloat32> operand) {
    return golden.get(path).deviation(fetch(session, operand));
  }

  /** The golden file's toy model: logits = weight z + bias, n samples of each image. */
  private static final class Toy {
    final Ops tf;
    final int n;
    final Operand<TFloat32> encoded;
    final Gaussian q;
    final Operand<TFloat32> z;
    final Operand<TFloat32> logLikelihood;
    final Operand<TFloat32> logWeights;

    Toy(Ops tf, Golden golden, String name, int n) {
      this.tf = tf;
      this.n = n;
      encoded = constant(golden.get(name + "/inputs/q"));
      q =
          Gaussian.of(
              tf, encoded, name.equals("logvar") ? Posterior.LOG_VARIANCE : Posterior.LOG_SIGMA);
      Operand<TFloat32> noise =
          rows(
              tf.slice(
                  constant(golden.get(name + "/inputs/eps")),
                  tf.constant(new int[] {0, 0, 0}),
                  tf.constant(new int[] {IMAGES, n, LATENT})));
      Gaussian repeated = new Gaussian(repeat(q.mean()), repeat(q.logSigma()));
      z = repeated.sample(tf, noise);
      Operand<TFloat32> logits =
          tf.nn.biasAdd(
              tf.linalg.matMul(z, constant(golden.get(name + "/inputs/decoder.weight").weight())),
              constant(golden.get(name + "/inputs/decoder.bias")));
      Operand<TInt32> image = tf.constant(new int[] {-1, 8, 8, 1});
      Operand<TFloat32> x = constant(golden.get(name + "/inputs/x").nhwc());
      Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {IMAGES, 64}));
      logLikelihood =
          Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1)
              .logProbability(tf, tf.reshape(logits, image), tf.reshape(repeat(flat), image));
      logWeights = perImage(tf.math.add(logLikelihood, repeated.logPriorRatio(tf, noise, z)));
    }

    Map<String, Operand<TFloat32>> losses() {
      Operand<TFloat32> mean = tf.math.mean(perImage(logLikelihood), tf.constant(1));
      return Map.of(
          "recon_n" + n, tf.math.neg(mean),
          "neg_elbo_n" + n, tf.math.neg(Bounds.elbo(tf, mean, q.kl(tf), 1)),
          "neg_beta_elbo_n" + n + "_beta0.5", tf.math.neg(Bounds.elbo(tf, mean, q.kl(tf), 0.5)),
          "neg_beta_elbo_n" + n + "_beta100", tf.math.neg(Bounds.elbo(tf, mean, q.kl(tf), 100)),
          "neg_iwae_n" + n, tf.math.neg(Bounds.iwae(tf, logWeights)));
    }

    /** Of the batch mean, by the encoder's outputs. */
    @SuppressWarnings("unchecked")
    Operand<TFloat32> gradient(Graph graph, Operand<TFloat32> loss) {
      Output<?>[] found =
          graph.addGradients(
              tf.math.mean(loss, tf.constant(0)).asOutput(), new Output<?>[] {encoded.asOutput()});
      return (Output<TFloat32>) found[0];
    }

    private Operand<TFloat32> constant(Values values) {
      try (TFloat32 tensor = values.tensor()) {
        return tf.constantOf(tensor);
      }
    }

    private Operand<TFloat32> repeat(Operand<TFloat32> perImage) {
      List<Operand<TFloat32>> copies = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        copies.add(perImage);
      }
      return rows(tf.stack(copies, org.tensorflow.op.core.Stack.axis(1L)));
    }

    private Operand<TFloat32> rows(Operand<TFloat32> perSample) {
      int width = (int) perSample.shape().get(2);
      return tf.reshape(perSample, tf.constant(new int[] {IMAGES * n, width}));
    }

    private Operand<TFloat32> perImage(Operand<TFloat32> perRow) {
      return tf.reshape(perRow, tf.constant(new int[] {IMAGES, n}));
    }
  }
}
