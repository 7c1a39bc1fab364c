package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

class BoundsTest {
  private static final String FILE = "03_latent";

  /** The cases that have the bounds' terms. */
  static List<String> cases() {
    return Golden.cases(FILE, "inputs/eps", "expected/kl_per_dim");
  }

  /** Each with the numbers of samples that it has values of. */
  static List<Arguments> casesAndCounts() {
    try (Golden golden = new Golden(FILE)) {
      return cases().stream()
          .flatMap(
              name ->
                  Arrays.stream(golden.numbers(name + "/expected", "recon_n"))
                      .mapToObj(n -> Arguments.of(name, n)))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("casesAndCounts")
  void bounds_ofGoldenPosterior_areGoldenWithTheirGradients(String name, int n) {
    try (Golden golden = new Golden(FILE);
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Toy toy = new Toy(Ops.create(graph), golden, name, n);
      Map<String, Operand<TFloat32>> losses = toy.losses(golden, name);
      assertThat(losses).containsKeys("recon_n" + n, "neg_elbo_n" + n, "neg_iwae_n" + n);
      for (Map.Entry<String, Operand<TFloat32>> loss : losses.entrySet()) {
        Values expected = golden.get(name + "/expected/" + loss.getKey());
        assertThat(expected.deviation(fetch(session, loss.getValue())))
            .as(loss.getKey())
            .isLessThan(1e-5);
      }
      List<String> gradients = golden.children(name + "/grads");
      for (Map.Entry<String, Operand<TFloat32>> loss : losses.entrySet()) {
        if (gradients.contains(loss.getKey() + ".q")) {
          float[] gradient = fetch(session, toy.gradient(graph, loss.getValue()));
          Values expected = golden.get(name + "/grads/" + loss.getKey() + ".q");
          assertThat(expected.deviation(gradient)).as(loss.getKey()).isLessThan(1e-4);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void posterior_ofGoldenOutput_hasGoldenSigmaKlAndSample(String name) {
    try (Golden golden = new Golden(FILE);
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int n = golden.numbers(name + "/expected", "logpx_given_z_n")[0];
      Toy toy = new Toy(tf, golden, name, n);
      assertThat(deviation(golden, name + "/expected/sigma", session, toy.q.sigma(tf)))
          .isLessThan(1e-5);
      float[] kl = fetch(session, toy.q.klPerDimension(tf));
      assertThat(golden.get(name + "/expected/kl_per_dim").deviation(kl)).isLessThan(1e-5);
      for (float value : kl) {
        assertThat(value).isGreaterThanOrEqualTo(0f);
      }
      assertThat(deviation(golden, name + "/expected/kl", session, toy.q.kl(tf))).isLessThan(1e-5);
      assertThat(deviation(golden, name + "/expected/z_n" + n, session, toy.z)).isLessThan(1e-5);
      assertThat(
              deviation(golden, name + "/expected/logpx_given_z_n" + n, session, toy.logLikelihood))
          .isLessThan(1e-5);
      double[] prior = golden.get(name + "/expected/logpz_n" + n).data();
      double[] posterior = golden.get(name + "/expected/logqz_n" + n).data();
      float[] ratio = fetch(session, toy.logPriorRatio);
      assertThat(ratio).hasSameSizeAs(prior);
      for (int i = 0; i < prior.length; i++) {
        assertThat((double) ratio[i])
            .isCloseTo(prior[i] - posterior[i], within(1e-5 * Math.abs(posterior[i]) + 1e-5));
      }
    }
  }

  @Test
  void everyGradientOfABound_isChecked() {
    try (Golden golden = new Golden(FILE)) {
      for (String name : cases()) {
        assertThat(golden.children(name + "/grads"))
            .anyMatch(gradient -> gradient.matches("neg_elbo_n\\d+\\.q"))
            .allMatch(gradient -> gradient.matches("neg_(beta_)?(elbo|iwae)_n\\d+.*\\.q"));
      }
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
    final int images;
    final Operand<TFloat32> encoded;
    final Gaussian q;
    final Operand<TFloat32> z;
    final Operand<TFloat32> logLikelihood;
    final Operand<TFloat32> logPriorRatio;

    Toy(Ops tf, Golden golden, String name, int n) {
      this.tf = tf;
      this.n = n;
      int[] shape = golden.get(name + "/inputs/eps").shape();
      images = shape[0];
      int latent = shape[2];
      encoded = constant(golden.get(name + "/inputs/q"));
      q = Gaussian.of(tf, encoded, golden.posterior(name));
      Operand<TFloat32> noise =
          rows(
              tf.slice(
                  constant(golden.get(name + "/inputs/eps")),
                  tf.constant(new int[] {0, 0, 0}),
                  tf.constant(new int[] {images, n, latent})));
      Gaussian repeated = new Gaussian(repeat(q.mean()), repeat(q.logSigma()));
      z = repeated.sample(tf, noise);
      Operand<TFloat32> logits =
          tf.nn.biasAdd(
              tf.linalg.matMul(z, constant(golden.get(name + "/inputs/decoder.weight").weight())),
              constant(golden.get(name + "/inputs/decoder.bias")));
      Values x = golden.get(name + "/inputs/x").nhwc();
      Operand<TInt32> image = tf.constant(new int[] {-1, x.shape()[1], x.shape()[2], x.shape()[3]});
      Operand<TFloat32> flat = tf.reshape(constant(x), tf.constant(new int[] {images, -1}));
      logLikelihood =
          Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1)
              .logProbability(tf, tf.reshape(logits, image), tf.reshape(repeat(flat), image));
      logPriorRatio = repeated.logPriorRatio(tf, noise, z);
    }

    /** What the case has of these numbers, and is computed in the graph, by its name there. */
    Map<String, Operand<TFloat32>> losses(Golden golden, String name) {
      Operand<TFloat32> mean = tf.math.mean(perImage(logLikelihood), tf.constant(1));
      Map<String, Operand<TFloat32>> losses = new LinkedHashMap<>();
      losses.put("recon_n" + n, tf.math.neg(mean));
      losses.put("neg_elbo_n" + n, tf.math.neg(Bounds.elbo(tf, mean, q.kl(tf), tf.constant(1f))));
      losses.put(
          "neg_iwae_n" + n,
          tf.math.neg(Bounds.iwae(tf, tf.math.add(logLikelihood, logPriorRatio), n)));
      String weighted = "neg_beta_elbo_n" + n + "_beta";
      for (String member : golden.children(name + "/expected")) {
        if (member.startsWith(weighted)) {
          double beta = Double.parseDouble(member.substring(weighted.length()));
          losses.put(
              member, tf.math.neg(Bounds.elbo(tf, mean, q.kl(tf), tf.constant((float) beta))));
        }
      }
      return losses;
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
      return tf.reshape(perSample, tf.constant(new int[] {images * n, width}));
    }

    private Operand<TFloat32> perImage(Operand<TFloat32> perRow) {
      return tf.reshape(perRow, tf.constant(new int[] {images, n}));
    }
  }
}
