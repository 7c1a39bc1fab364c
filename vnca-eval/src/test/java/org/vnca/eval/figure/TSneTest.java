package org.vnca.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TSneTest {
  private static final double STEP = 1e-5;

  @Test
  void probabilities_haveThePerplexityThatIsAskedFor() {
    double[] squares = new Random(1).doubles(60, 0, 20).toArray();
    double[] p = TSne.probabilities(squares, 12);
    double entropy = -Arrays.stream(p).map(x -> x * Math.log(x)).sum();
    assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-9));
    assertThat(Math.exp(entropy)).isCloseTo(12, within(1e-6));
  }

  @Test
  void gradient_isThatOfTheCost_byCentralDifferences() {
    TSne tsne = TSne.of(clusters(40), 8);
    double[][] map = map(40);
    for (double exaggeration : new double[] {1, 12}) {
      double[][] gradient = new double[40][2];
      tsne.costAndGradient(map, exaggeration, 0, gradient);
      for (int i : new int[] {0, 13, 39}) {
        for (int d = 0; d < 2; d++) {
          double before = map[i][d];
          map[i][d] = before + STEP;
          double above = tsne.costAndGradient(map, exaggeration, 0, new double[40][2]);
          map[i][d] = before - STEP;
          double below = tsne.costAndGradient(map, exaggeration, 0, new double[40][2]);
          map[i][d] = before;
          assertThat(gradient[i][d]).isCloseTo(numeric(above, below), within(1e-6));
        }
      }
    }
  }

  private static double numeric(double above, double below) {
    return (above - below) / (2 * STEP);
  }

  @Test
  void divergence_isTheTextbooksSum() {
    int n = 30;
    float[][] points = clusters(n);
    double[][] map = map(n);
    TSne tsne = TSne.of(points, 9);
    double[][] p = new double[n][n];
    for (int i = 0; i < n; i++) {
      double[] distances = new double[n];
      for (int j = 0; j < n; j++) {
        distances[j] = i == j ? Double.POSITIVE_INFINITY : TSne.distance(points[i], points[j]);
      }
      int[] near = TSne.nearest(distances, 27);
      double[] conditional =
          TSne.probabilities(Arrays.stream(near).mapToDouble(j -> distances[j]).toArray(), 9);
      for (int m = 0; m < near.length; m++) {
        p[i][near[m]] += conditional[m] / (2 * n);
        p[near[m]][i] += conditional[m] / (2 * n);
      }
    }
    double normalizer = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        normalizer += i == j ? 0 : near(map, i, j);
      }
    }
    double expected = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        expected += p[i][j] == 0 ? 0 : p[i][j] * Math.log(p[i][j] * normalizer / near(map, i, j));
      }
    }
    assertThat(tsne.divergence(map)).isCloseTo(expected, within(1e-9));
  }

  private static double near(double[][] map, int i, int j) {
    double dx = map[i][0] - map[j][0];
    double dy = map[i][1] - map[j][1];
    return 1 / (1 + dx * dx + dy * dy);
  }

  @Test
  void tree_isCloseToExact() {
    double[][] map = map(500);
    QuadTree tree = new QuadTree(map);
    double[] exact = new double[3];
    double[] coarse = new double[3];
    tree.repulsion(map[7], 0, exact);
    tree.repulsion(map[7], 0.5, coarse);
    double expected = 0;
    for (int j = 0; j < 500; j++) {
      expected += near(map, 7, j);
    }
    assertThat(exact[2]).isCloseTo(expected, within(1e-9));
    assertThat(coarse[2]).isCloseTo(exact[2], within(0.02 * exact[2])).isNotEqualTo(exact[2]);
    assertThat(Math.hypot(coarse[0] - exact[0], coarse[1] - exact[1]))
        .isLessThan(0.05 * Math.hypot(exact[0], exact[1]) + 0.5);
  }

  @Test
  void distance_isTheSquareOfEuclids() {
    assertThat(TSne.distance(new float[] {1, 2, 7}, new float[] {4, -2, 7})).isEqualTo(25);
  }

  @Test
  void nearest_areTheSmallest_ofEqualOnesTheFirst() {
    double[] distances = {5, 1, 3, 1, 9, 3, 3};
    assertThat(TSne.nearest(distances, 1)).containsExactly(1);
    assertThat(TSne.nearest(distances, 2)).containsExactly(1, 3);
    assertThat(TSne.nearest(distances, 4)).containsExactly(1, 2, 3, 5);
    assertThat(TSne.nearest(distances, 7)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  /** Pairs so close that the tree needs more nodes than it has at first; sums are begun anew. */
  @Test
  void deepTree_isExact() {
    int n = 40;
    double[][] map = map(n);
    for (int i = 1; i < n; i += 2) {
      map[i][0] = map[i - 1][0] + 1e-9;
      map[i][1] = map[i - 1][1] + 1e-9;
    }
    double[] expected = new double[3];
    for (int j = 0; j < n; j++) {
      double w = near(map, 5, j);
      expected[0] += w * w * (map[5][0] - map[j][0]);
      expected[1] += w * w * (map[5][1] - map[j][1]);
      expected[2] += w;
    }
    double[] sums = {7, 8, 9};
    new QuadTree(map).repulsion(map[5], 0, sums);
    assertThat(sums).containsExactly(expected, within(1e-9));
  }

  /** Momentum and gains as van der Maaten's program has them, step by step. */
  @Test
  void embedding_takesTheTextbooksSteps() {
    int n = 16;
    int iterations = 8;
    TSne tsne = TSne.of(clusters(n), 4);
    Random random = new Random(9);
    double[][] y = new double[n][2];
    double[][] velocity = new double[n][2];
    double[][] gains = new double[n][2];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < 2; d++) {
        y[i][d] = 1e-4 * random.nextGaussian();
        gains[i][d] = 1;
      }
    }
    for (int step = 0; step < iterations; step++) {
      boolean early = step < 2; // A quarter of them.
      double[][] gradient = new double[n][2];
      tsne.costAndGradient(y, early ? 12 : 1, 0.5, gradient);
      for (int i = 0; i < n; i++) {
        for (int d = 0; d < 2; d++) {
          boolean against = gradient[i][d] > 0 != velocity[i][d] > 0;
          gains[i][d] = step == 0 || against ? gains[i][d] + 0.2 : gains[i][d] * 0.8;
          velocity[i][d] = (early ? 0.5 : 0.8) * velocity[i][d] - 50 * gains[i][d] * gradient[i][d];
          y[i][d] += velocity[i][d];
        }
      }
    }
    List<Integer> told = new ArrayList<>();
    double[][] map = tsne.embed(iterations, 0.5, 9, told::add);
    assertThat(told).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    for (int d = 0; d < 2; d++) {
      int axis = d;
      double mean = Arrays.stream(y).mapToDouble(point -> point[axis]).average().orElseThrow();
      for (int i = 0; i < n; i++) {
        assertThat(map[i][d]).isCloseTo(y[i][d] - mean, within(1e-9));
      }
    }
  }

  @Test
  void tree_takesPointsThatCoincide() {
    double[][] map = new double[20][2];
    double[] sums = new double[3];
    new QuadTree(map).repulsion(map[0], 0.5, sums);
    assertThat(sums).containsExactly(0, 0, 20);
  }

  @Test
  void embedding_keepsClustersApart_andIsTheSameTwice() {
    int n = 150;
    double[][] map = TSne.of(clusters(n), 10).embed(400, 0.5, 3, done -> {});
    int sameLabel = 0;
    for (int i = 0; i < n; i++) {
      double[] distances = new double[n];
      for (int j = 0; j < n; j++) {
        distances[j] = i == j ? Double.POSITIVE_INFINITY : -near(map, i, j);
      }
      sameLabel += TSne.nearest(distances, 1)[0] % 3 == i % 3 ? 1 : 0;
    }
    assertThat(sameLabel).isGreaterThan(145);
    double[][] again = TSne.of(clusters(n), 10).embed(400, 0.5, 3, done -> {});
    assertThat(again).isDeepEqualTo(map);
  }

  @Test
  void tooFewPoints_areRefused() {
    assertThatThrownBy(() -> TSne.of(clusters(30), 30))
        .hasMessage("a perplexity of 30.0 needs more than 91 points, but there are 30");
  }

  /** Three clusters in five dimensions, one point of each after another. */
  private static float[][] clusters(int n) {
    Random random = new Random(2);
    float[][] points = new float[n][5];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < 5; d++) {
        points[i][d] = (float) (random.nextGaussian() + (d == i % 3 ? 8 : 0));
      }
    }
    return points;
  }

  private static double[][] map(int n) {
    Random random = new Random(5);
    double[][] map = new double[n][2];
    for (double[] point : map) {
      point[0] = 3 * random.nextGaussian();
      point[1] = 3 * random.nextGaussian();
    }
    return map;
  }
}
