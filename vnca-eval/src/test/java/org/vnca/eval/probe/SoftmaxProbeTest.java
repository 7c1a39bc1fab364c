package org.vnca.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SoftmaxProbeTest {
  private static final int CLASSES = 3;

  @Test
  void gradient_isThatOfFiniteDifferences() {
    // More rows than a piece, so that pieces are added up.
    SoftmaxLoss loss = new SoftmaxLoss(clouds(1500, 0.4, 1), CLASSES, 0.3);
    Random random = new Random(5);
    double[] weights = random.doubles(loss.size(), -1, 1).toArray();
    double[] gradient = new double[weights.length];
    loss.at(weights, gradient);
    double[] unused = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      double step = 1e-5;
      double[] above = weights.clone();
      above[i] += step;
      double[] below = weights.clone();
      below[i] -= step;
      double slope = (loss.at(above, unused) - loss.at(below, unused)) / (2 * step);
      assertThat(gradient[i])
          .as("weight " + i)
          .isCloseTo(slope, within(1e-8 * Math.max(1, Math.abs(slope))));
    }
  }

  @Test
  void loss_isThatOfTheDefinition() {
    Features two = new Features(new float[][] {{1, 2}, {-1, 0}}, new int[] {0, 1});
    double[] weights = {0.5, -0.25, 0.1, 0, 1, -0.2};
    // Logits 0.1 and 1.8 of the first row, -0.4 and -0.2 of the second.
    double mean = (Math.log(1 + Math.exp(1.7)) + Math.log(1 + Math.exp(-0.2))) / 2;
    double squares = 0.25 + 0.0625 + 1;
    double[] gradient = new double[6];
    assertThat(new SoftmaxLoss(two, 2, 0.4).at(weights, gradient))
        .isCloseTo(mean + 0.2 * squares, within(1e-12));
    assertThat(SoftmaxLoss.crossEntropy(weights, two, 2)).isCloseTo(mean, within(1e-12));
    assertThat(SoftmaxLoss.accuracy(weights, two, 2)).isEqualTo(0.5);
  }

  @Test
  void everyRowCountsOnce_howeverManyPiecesThereAre() {
    for (int rows : new int[] {1023, 1024, 1025, 3000}) {
      Features features = clouds(rows, 0.4, 1);
      SoftmaxLoss loss = new SoftmaxLoss(features, CLASSES, 0);
      double[] weights = new Random(5).doubles(loss.size(), -1, 1).toArray();
      assertThat(loss.at(weights, new double[weights.length]))
          .as(rows + " rows")
          .isCloseTo(SoftmaxLoss.crossEntropy(weights, features, CLASSES), within(1e-12));
    }
  }

  @Test
  void probe_separatesCloudsAndGeneralises() {
    SoftmaxProbe.Fit fit = SoftmaxProbe.fit(clouds(600, 0.3, 2), CLASSES, 7, () -> {});
    Features test = fit.scaling().apply(clouds(300, 0.3, 3));
    assertThat(SoftmaxLoss.accuracy(fit.weights(), test, CLASSES)).isGreaterThan(0.98);
    assertThat(fit.heldOut()).isEqualTo(60);
    assertThat(fit.candidates()).hasSize(6);
  }

  /** What the regularisation is chosen on must not be learned from. */
  @Test
  void heldOutRows_areNotAmongTheOthers() {
    assertThat(SoftmaxProbe.others(6, new int[] {1, 4})).containsExactly(0, 2, 3, 5);
  }

  @Test
  void workCanBeEnded_beforeEachFit() {
    AtomicInteger fits = new AtomicInteger();
    SoftmaxProbe.fit(clouds(40, 0.3, 2), CLASSES, 7, fits::incrementAndGet);
    assertThat(fits).as("of six candidates and of the chosen one").hasValue(7);
  }

  @Test
  void scaledColumns_haveMeanZeroAndVarianceOne() {
    Features rows = new Features(new float[][] {{1, 5, -4}, {3, 5, 4}}, new int[] {0, 1});
    Features scaled = Scaling.of(rows).apply(rows);
    assertThat(scaled.rows()[0]).containsExactly(-1, 0, -1);
    assertThat(scaled.rows()[1]).containsExactly(1, 0, 1);
    assertThat(scaled.labels()).containsExactly(0, 1);
    Features other = new Features(new float[][] {{4, 6, 2}}, new int[] {1});
    assertThat(Scaling.of(rows).apply(other).rows()[0]).containsExactly(2, 0, 0.5f);
  }

  @Test
  void probe_ofNoise_isRegularisedAndGuesses() {
    Features noise = clouds(200, 1000, 4);
    SoftmaxProbe.Fit fit = SoftmaxProbe.fit(noise, CLASSES, 7, () -> {});
    Features test = fit.scaling().apply(clouds(900, 1000, 5));
    assertThat(SoftmaxLoss.accuracy(fit.weights(), test, CLASSES)).isBetween(0.23, 0.43);
    assertThat(SoftmaxLoss.crossEntropy(fit.weights(), test, CLASSES))
        .isCloseTo(Math.log(CLASSES), within(0.15));
  }

  @Test
  void constantColumn_doesNoHarm() {
    Features clouds = clouds(100, 0.3, 6);
    for (float[] row : clouds.rows()) {
      row[3] = 4;
    }
    SoftmaxProbe.Fit fit = SoftmaxProbe.fit(clouds, CLASSES, 7, () -> {});
    assertThat(fit.weights()).doesNotContain(Double.NaN);
    assertThat(SoftmaxLoss.accuracy(fit.weights(), fit.scaling().apply(clouds), CLASSES))
        .isGreaterThan(0.95);
  }

  /** Clouds around the corners of a triangle, of unequal scales, with two columns of noise. */
  private static Features clouds(int size, double spread, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[size][];
    int[] labels = new int[size];
    for (int n = 0; n < size; n++) {
      int label = n % CLASSES;
      double angle = 2 * Math.PI * label / CLASSES;
      labels[n] = label;
      rows[n] =
          new float[] {
            (float) (100 * (Math.cos(angle) + spread * random.nextGaussian())),
            (float) (Math.sin(angle) + spread * random.nextGaussian()),
            (float) random.nextGaussian(),
            (float) random.nextGaussian()
          };
    }
    return new Features(rows, labels);
  }
}
