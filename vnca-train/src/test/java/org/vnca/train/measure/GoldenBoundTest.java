package org.vnca.train.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.graph.session.Sampling;

/**
 * The figures that are reported, from the golden vectors' encoder outputs, noise and toy decoder to
 * the bounds that PyTorch computes of them. The log-weights are worked out here in double
 * precision, without TensorFlow.
 */
class GoldenBoundTest {
  private static final Path FOLDER =
      Path.of(
          System.getProperty(
              "vnca.golden", "../vnca-graph/src/test/resources/org/vnca/graph/golden"));
  private static final String BOUND = "neg_iwae_n";

  private static HdfFile open() {
    return new HdfFile(FOLDER.resolve("03_latent.h5"));
  }

  static List<String> cases() {
    try (HdfFile file = open()) {
      List<String> cases =
          file.getChildren().keySet().stream()
              .filter(name -> !counts(file, name).isEmpty())
              .sorted()
              .toList();
      assertThat(cases).isNotEmpty();
      return cases;
    }
  }

  /** Numbers of samples that a case has bounds of, ascending. */
  private static List<Integer> counts(HdfFile file, String name) {
    return ((Group) file.getByPath(name + "/expected"))
        .getChildren().keySet().stream()
            .filter(member -> member.startsWith(BOUND))
            .map(member -> Integer.valueOf(member.substring(BOUND.length())))
            .sorted()
            .toList();
  }

  static Stream<String> casesAndPieces() {
    // Whole images, pieces of an image's samples, and all at once.
    return cases().stream()
        .flatMap(name -> Stream.of(1, 40, 10_000).map(rows -> name + ":" + rows));
  }

  @ParameterizedTest
  @MethodSource("casesAndPieces")
  void bounds_ofGoldenSamples_areGolden(String caseAndRows) {
    String name = caseAndRows.substring(0, caseAndRows.indexOf(':'));
    int rows = Integer.parseInt(caseAndRows.substring(caseAndRows.indexOf(':') + 1));
    try (HdfFile file = open()) {
      Toy toy = new Toy(file, name);
      List<Integer> counts = counts(file, name);
      BoundEstimator estimator =
          new BoundEstimator(toy::samples, images -> new byte[images.length], rows, toy.pixels);
      int[] images = IntStream.range(0, toy.images).toArray();
      List<ImageBound> measured = new ArrayList<>();
      estimator.measure(images, 0, counts, measured::addAll);
      int most = counts.get(counts.size() - 1);
      for (int i = 0; i < toy.images; i++) {
        ImageBound bound = measured.get(i);
        assertThat(bound.image()).isEqualTo(i);
        for (int n = 0; n < counts.size(); n++) {
          assertClose(bound.bounds().get(n), -toy.expected(BOUND + counts.get(n))[i]);
        }
        assertClose(bound.klNats(), toy.expected("kl")[i]);
        assertClose(bound.reconstructionNats(), -toy.expected("recon_n" + most)[i]);
        assertClose(bound.elboNats(), -toy.expected("neg_elbo_n" + most)[i]);
      }
      for (int n : counts) {
        BoundSummary summary = estimator.summarize(images, n);
        double mean = DoubleStream.of(toy.expected(BOUND + n)).average().orElseThrow();
        assertClose(summary.nats(), -mean);
        assertClose(summary.bitsPerDim(), mean / toy.pixels / Math.log(2));
        assertClose(
            summary.elboNats(),
            -DoubleStream.of(toy.expected("neg_elbo_n" + n)).average().orElseThrow());
        assertThat(summary.samples()).isEqualTo(n);
        assertThat(summary.images()).isEqualTo(toy.images);
      }
    }
  }

  /** Burda et al. 2015, theorem 1: on average over groups of samples, more are better. */
  @ParameterizedTest
  @MethodSource("cases")
  void bound_ofMoreSamples_doesNotFallOnAverage(String name) {
    try (HdfFile file = open()) {
      Toy toy = new Toy(file, name);
      double previous = Double.NEGATIVE_INFINITY;
      for (int n = 1; n <= toy.samples; n *= 2) {
        Mean mean = new Mean();
        for (int i = 0; i < toy.images; i++) {
          for (int first = 0; first + n <= toy.samples; first += n) {
            LogMeanExp bound = new LogMeanExp();
            for (int s = first; s < first + n; s++) {
              bound.add(toy.logLikelihood(i, s) + toy.logPriorRatio(i, s));
            }
            mean.add(bound.value());
          }
        }
        if (toy.samples % n == 0) {
          assertThat(mean.value()).as("n = " + n).isGreaterThanOrEqualTo(previous - 1e-9);
          previous = mean.value();
        }
      }
    }
  }

  @Test
  void images_areCutIntoTheSamePieces_whereverOneStarts() {
    try (HdfFile file = open()) {
      String name = cases().get(0);
      Toy toy = new Toy(file, name);
      List<int[]> read = new ArrayList<>();
      BoundEstimator estimator =
          new BoundEstimator(
              toy::samples,
              images -> {
                read.add(images);
                return new byte[images.length];
              },
              2 * 2,
              toy.pixels);
      int[] images = IntStream.range(0, toy.images).toArray();
      List<ImageBound> all = new ArrayList<>();
      estimator.measure(images, 0, List.of(1, 2), all::addAll);
      int runs = read.size();
      assertThat(runs).isEqualTo((toy.images + 1) / 2);
      for (int first = 1; first < toy.images; first++) {
        read.clear();
        List<ImageBound> rest = new ArrayList<>();
        estimator.measure(images, first, List.of(1, 2), rest::addAll);
        assertThat(rest).isEqualTo(all.subList(first, toy.images));
        assertThat(read).hasSize(runs - first / 2);
        assertThat(read.get(0)[0]).isEqualTo(first / 2 * 2);
      }
    }
  }

  private static void assertClose(double value, double expected) {
    // The samples pass through float32, as the session gives them.
    assertThat(value).isCloseTo(expected, within(2e-6 * Math.max(1, Math.abs(expected))));
  }

  /** The golden file's toy model: logits = weight z + bias, Bernoulli pixels. */
  private static final class Toy {
    private final HdfFile file;
    private final String name;
    private final double[] q;
    private final double[] eps;
    private final double[] x;
    private final double[] weight;
    private final double[] bias;
    private final int latent;
    private final boolean logVariance;
    final int images;
    final int samples;
    final int pixels;

    Toy(HdfFile file, String name) {
      this.file = file;
      this.name = name;
      int[] shape = file.getDatasetByPath(name + "/inputs/eps").getDimensions();
      images = shape[0];
      samples = shape[1];
      latent = shape[2];
      q = flat("inputs/q");
      eps = flat("inputs/eps");
      x = flat("inputs/x");
      weight = flat("inputs/decoder.weight");
      bias = flat("inputs/decoder.bias");
      pixels = bias.length;
      logVariance =
          file.getByPath(name).getAttribute("convention").getData().toString().equals("logvar");
    }

    private double[] flat(String path) {
      Object data = file.getDatasetByPath(name + "/" + path).getDataFlat();
      if (data instanceof float[] floats) {
        return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
      }
      return ((double[]) data).clone();
    }

    double[] expected(String what) {
      return flat("expected/" + what);
    }

    private double mean(int image, int d) {
      return q[image * 2 * latent + d];
    }

    private double logSigma(int image, int d) {
      double second = q[image * 2 * latent + latent + d];
      return logVariance ? second / 2 : second;
    }

    private double noise(int image, int sample, int d) {
      return eps[(image * samples + sample) * latent + d];
    }

    private double z(int image, int sample, int d) {
      return mean(image, d) + Math.exp(logSigma(image, d)) * noise(image, sample, d);
    }

    double logLikelihood(int image, int sample) {
      double sum = 0;
      for (int p = 0; p < pixels; p++) {
        double logit = bias[p];
        for (int d = 0; d < latent; d++) {
          logit += weight[p * latent + d] * z(image, sample, d);
        }
        sum +=
            x[image * pixels + p] * logit
                - Math.max(logit, 0)
                - Math.log1p(Math.exp(-Math.abs(logit)));
      }
      return sum;
    }

    double logPriorRatio(int image, int sample) {
      double sum = 0;
      for (int d = 0; d < latent; d++) {
        double z = z(image, sample, d);
        double e = noise(image, sample, d);
        sum += (e * e - z * z) / 2 + logSigma(image, d);
      }
      return sum;
    }

    private double kl(int image) {
      double sum = 0;
      for (int d = 0; d < latent; d++) {
        double m = mean(image, d);
        double s = logSigma(image, d);
        sum += (Math.exp(2 * s) + m * m - 1) / 2 - s;
      }
      return sum;
    }

    Sampling.SampleValues samples(byte[] pixelsOf, long[] numbers, int first, int count) {
      float[][] likelihood = new float[numbers.length][count];
      float[][] ratio = new float[numbers.length][count];
      float[] kl = new float[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        int image = (int) numbers[i];
        kl[i] = (float) kl(image);
        for (int s = 0; s < count; s++) {
          likelihood[i][s] = (float) logLikelihood(image, first + s);
          ratio[i][s] = (float) logPriorRatio(image, first + s);
        }
      }
      assertThat(pixelsOf).hasSize(numbers.length);
      assertThat(Arrays.stream(numbers).distinct()).hasSize(numbers.length);
      return new Sampling.SampleValues(likelihood, ratio, kl);
    }
  }
}
