package org.vnca.eval.probe;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The loss of multinomial logistic regression: the mean of -log p(label|row) over rows, in nats,
 * plus half of {@code l2} times the sum of squared weights. Biases are not regularised.
 *
 * <p>Weights are {@code [C][D + 1]} row by row, the bias last. Rows are summed in pieces of a fixed
 * size, so that the result does not depend on the number of threads.
 */
final class SoftmaxLoss implements Lbfgs.Objective {
  private static final int PIECE = 1024;

  private final Features features;
  private final int classes;
  private final double l2;

  SoftmaxLoss(Features features, int classes, double l2) {
    this.features = features;
    this.classes = classes;
    this.l2 = l2;
  }

  /** How many weights there are. */
  int size() {
    return classes * (features.width() + 1);
  }

  @Override
  public double at(double[] weights, double[] gradient) {
    int pieces = (features.size() + PIECE - 1) / PIECE;
    double[][] sums = new double[pieces][];
    IntStream.range(0, pieces)
        .parallel()
        .forEach(piece -> sums[piece] = piece(weights, piece * PIECE));
    double[] total = new double[size() + 1];
    for (double[] sum : sums) {
      for (int i = 0; i < total.length; i++) {
        total[i] += sum[i];
      }
    }
    double loss = total[size()] / features.size();
    for (int i = 0; i < weights.length; i++) {
      boolean bias = i % (features.width() + 1) == features.width();
      gradient[i] = total[i] / features.size() + (bias ? 0 : l2 * weights[i]);
      loss += bias ? 0 : 0.5 * l2 * weights[i] * weights[i];
    }
    return loss;
  }

  /** Summed gradient of the rows from a place on, and behind it their summed loss. */
  private double[] piece(double[] weights, int from) {
    double[] sum = new double[size() + 1];
    int width = features.width();
    for (int n = from; n < Math.min(from + PIECE, features.size()); n++) {
      float[] row = features.rows()[n];
      double[] logits = logits(weights, row, classes);
      double norm = logSumExp(logits);
      int label = features.labels()[n];
      sum[size()] += norm - logits[label];
      for (int c = 0; c < classes; c++) {
        double error = Math.exp(logits[c] - norm) - (c == label ? 1 : 0);
        int at = c * (width + 1);
        for (int i = 0; i < width; i++) {
          sum[at + i] += error * row[i];
        }
        sum[at + width] += error;
      }
    }
    return sum;
  }

  /** The logarithm of each class's probability, up to a constant. */
  static double[] logits(double[] weights, float[] row, int classes) {
    double[] logits = new double[classes];
    for (int c = 0; c < classes; c++) {
      int at = c * (row.length + 1);
      double logit = weights[at + row.length];
      for (int i = 0; i < row.length; i++) {
        logit += weights[at + i] * row[i];
      }
      logits[c] = logit;
    }
    return logits;
  }

  private static double logSumExp(double[] values) {
    double most = Arrays.stream(values).max().orElseThrow();
    return most + Math.log(Arrays.stream(values).map(value -> Math.exp(value - most)).sum());
  }

  /** The share of rows whose most probable class is theirs. */
  static double accuracy(double[] weights, Features features, int classes) {
    long right =
        IntStream.range(0, features.size())
            .filter(
                n -> {
                  double[] logits = logits(weights, features.rows()[n], classes);
                  int most = 0;
                  for (int c = 1; c < classes; c++) {
                    most = logits[c] > logits[most] ? c : most;
                  }
                  return most == features.labels()[n];
                })
            .count();
    return (double) right / features.size();
  }

  /** The mean of -log p(label|row), nats, without regularisation. */
  static double crossEntropy(double[] weights, Features features, int classes) {
    double[] unused = new double[weights.length];
    return new SoftmaxLoss(features, classes, 0).at(weights, unused);
  }
}
