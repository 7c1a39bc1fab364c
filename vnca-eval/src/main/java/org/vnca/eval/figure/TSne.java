package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008) into the plane, its
 * repulsion by Barnes and Hut's tree (van der Maaten 2014). The same seed gives the same map,
 * whatever the number of threads.
 */
final class TSne {
  private static final double EXAGGERATION = 12;
  private static final int EXAGGERATED = 250;
  private static final double FIRST_SPREAD = 1e-4;
  private static final double LEAST_GAIN = 0.01;
  private static final int BISECTIONS = 60;

  /** Neighbours of point i, and their joint probabilities; all of them add up to 1. */
  private final int[][] neighbours;

  private final double[][] joint;

  private TSne(int[][] neighbours, double[][] joint) {
    this.neighbours = neighbours;
    this.joint = joint;
  }

  /**
   * Joint probabilities of the points.
   *
   * @param points {@code [N, D]}
   * @param perplexity the effective number of neighbours of each
   * @throws IllegalArgumentException unless {@code N > 3 perplexity + 1}
   */
  static TSne of(float[][] points, double perplexity) {
    int n = points.length;
    int k = (int) (3 * perplexity);
    if (n <= k + 1) {
      throw new IllegalArgumentException(
          "a perplexity of %s needs more than %d points, but there are %d"
              .formatted(perplexity, k + 1, n));
    }
    int[][] nearest = new int[n][];
    double[][] conditional = new double[n][];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              double[] distances = new double[n];
              Arrays.setAll(distances, j -> distance(points[i], points[j]));
              distances[i] = Double.POSITIVE_INFINITY;
              nearest[i] = nearest(distances, k);
              conditional[i] =
                  probabilities(
                      Arrays.stream(nearest[i]).mapToDouble(j -> distances[j]).toArray(),
                      perplexity);
            });
    return symmetric(nearest, conditional);
  }

  /** Indices of the k smallest. */
  static int[] nearest(double[] distances, int k) {
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    double limit = sorted[k - 1];
    long below = Arrays.stream(distances).filter(d -> d < limit).count();
    int[] found = new int[k];
    int count = 0;
    long atLimit = k - below;
    for (int j = 0; j < distances.length; j++) {
      if (distances[j] < limit || (distances[j] == limit && atLimit-- > 0)) {
        found[count++] = j;
      }
    }
    return found;
  }

  /** Squared distance. */
  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      double difference = a[d] - b[d];
      sum += difference * difference;
    }
    return sum;
  }

  /** A Gaussian's, whose width is found so that their entropy is log(perplexity). */
  static double[] probabilities(double[] squares, double perplexity) {
    double least = Arrays.stream(squares).min().orElse(0);
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double beta = 1;
    double[] p = new double[squares.length];
    for (int trial = 0; trial < BISECTIONS; trial++) {
      double sum = 0;
      double mean = 0;
      for (int j = 0; j < p.length; j++) {
        p[j] = Math.exp(-beta * (squares[j] - least));
        sum += p[j];
        mean += p[j] * (squares[j] - least);
      }
      double entropy = Math.log(sum) + beta * mean / sum;
      for (int j = 0; j < p.length; j++) {
        p[j] /= sum;
      }
      if (entropy > Math.log(perplexity)) {
        low = beta;
        beta = Double.isInfinite(high) ? 2 * beta : (low + high) / 2;
      } else {
        high = beta;
        beta = (low + high) / 2;
      }
    }
    return p;
  }

  private static TSne symmetric(int[][] nearest, double[][] conditional) {
    int n = nearest.length;
    List<TreeMap<Integer, Double>> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      rows.add(new TreeMap<>());
    }
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < nearest[i].length; m++) {
        double half = conditional[i][m] / (2.0 * n);
        rows.get(i).merge(nearest[i][m], half, Double::sum);
        rows.get(nearest[i][m]).merge(i, half, Double::sum);
      }
    }
    return new TSne(
        rows.stream()
            .map(row -> row.keySet().stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new),
        rows.stream()
            .map(row -> row.values().stream().mapToDouble(Double::doubleValue).toArray())
            .toArray(double[][]::new));
  }

  /**
   * The cost's part that depends on the map: KL(P || Q) + sum p log p.
   *
   * @param y {@code [N, 2]}
   * @param exaggeration by which all p are multiplied
   * @param theta how coarse the tree may be; 0 for exact
   * @param gradient {@code [N, 2]}, filled in
   */
  double costAndGradient(double[][] y, double exaggeration, double theta, double[][] gradient) {
    int n = y.length;
    QuadTree tree = new QuadTree(y);
    double[][] push = new double[n][3];
    double[] pulls = new double[n];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              tree.repulsion(y[i], theta, push[i]);
              double cost = 0;
              double px = 0;
              double py = 0;
              for (int m = 0; m < joint[i].length; m++) {
                double[] other = y[neighbours[i][m]];
                double dx = y[i][0] - other[0];
                double dy = y[i][1] - other[1];
                double near = 1 + dx * dx + dy * dy;
                double p = exaggeration * joint[i][m];
                px += p / near * dx;
                py += p / near * dy;
                cost += p * Math.log(near);
              }
              gradient[i][0] = px;
              gradient[i][1] = py;
              pulls[i] = cost;
            });
    double normalizer = Arrays.stream(push).mapToDouble(row -> row[2]).sum() - n;
    for (int i = 0; i < n; i++) {
      gradient[i][0] = 4 * (gradient[i][0] - exaggeration * push[i][0] / normalizer);
      gradient[i][1] = 4 * (gradient[i][1] - exaggeration * push[i][1] / normalizer);
    }
    return Arrays.stream(pulls).sum() + exaggeration * Math.log(normalizer);
  }

  /** KL(P || Q) of a map, nats. */
  double divergence(double[][] y) {
    double entropy = 0;
    for (double[] row : joint) {
      entropy += Arrays.stream(row).filter(p -> p > 0).map(p -> p * Math.log(p)).sum();
    }
    return entropy + costAndGradient(y, 1, 0, new double[y.length][2]);
  }

  /**
   * Descends from a small random cloud.
   *
   * @param progress told how many iterations are done
   * @return {@code [N, 2]}, its mean at the origin
   */
  double[][] embed(int iterations, double theta, long seed, IntConsumer progress) {
    int n = joint.length;
    Random random = new Random(seed);
    double[][] y = new double[n][2];
    double[][] velocity = new double[n][2];
    double[][] gains = new double[n][2];
    double[][] gradient = new double[n][2];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < 2; d++) {
        y[i][d] = FIRST_SPREAD * random.nextGaussian();
        gains[i][d] = 1;
      }
    }
    double rate = Math.max(50, n / EXAGGERATION / 4);
    for (int iteration = 0; iteration < iterations; iteration++) {
      boolean early = iteration < Math.min(EXAGGERATED, iterations / 4);
      costAndGradient(y, early ? EXAGGERATION : 1, theta, gradient);
      for (int i = 0; i < n; i++) {
        for (int d = 0; d < 2; d++) {
          boolean turns = Math.signum(gradient[i][d]) == Math.signum(velocity[i][d]);
          gains[i][d] = Math.max(LEAST_GAIN, turns ? gains[i][d] * 0.8 : gains[i][d] + 0.2);
          velocity[i][d] =
              (early ? 0.5 : 0.8) * velocity[i][d] - rate * gains[i][d] * gradient[i][d];
          y[i][d] += velocity[i][d];
        }
      }
      progress.accept(iteration + 1);
    }
    for (int d = 0; d < 2; d++) {
      int axis = d;
      double mean = Arrays.stream(y).mapToDouble(row -> row[axis]).average().orElse(0);
      Arrays.stream(y).forEach(row -> row[axis] -= mean);
    }
    return y;
  }
}
