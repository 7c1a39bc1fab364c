package org.vnca.eval.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Multinomial logistic regression with L2 regularisation, whose weight is chosen on a tenth of the
 * training rows that is held out, and which then learns from all of them.
 */
final class SoftmaxProbe {
  /** Weights of the regularisation, from a strong one; each starts from the solution before. */
  private static final List<Double> WEIGHTS = List.of(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6);

  private static final int HELD_OUT = 10;
  private static final double TOLERANCE = 1e-5;
  private static final int ITERATIONS = 500;

  private SoftmaxProbe() {}

  /**
   * What was learnt.
   *
   * @param scaling of the rows
   * @param weights see {@link SoftmaxLoss}
   * @param l2 what was chosen
   * @param candidates what was tried
   * @param heldOut rows that it was chosen on
   * @param iterations of the last fit
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Fit(
      Scaling scaling,
      double[] weights,
      double l2,
      List<ProbeReport.Candidate> candidates,
      int heldOut,
      int iterations) {}

  /**
   * Learns.
   *
   * @param key of the choice of the rows that are held out
   * @param each called before each fit; may throw to end the work
   */
  static Fit fit(Features train, int classes, long key, Runnable each) {
    int[] heldOut =
        KeyedPermutation.of(key, train.size()).subset(Math.max(1, train.size() / HELD_OUT));
    Features rest = train.at(others(train.size(), heldOut));
    Scaling restScaling = Scaling.of(rest);
    Features seen = restScaling.apply(rest);
    Features unseen = restScaling.apply(train.at(heldOut));
    List<ProbeReport.Candidate> candidates = new ArrayList<>();
    double[] weights = new double[classes * (train.width() + 1)];
    for (double l2 : WEIGHTS) {
      each.run();
      weights = minimum(seen, classes, l2, weights).point();
      candidates.add(
          new ProbeReport.Candidate(
              l2,
              SoftmaxLoss.accuracy(weights, unseen, classes),
              SoftmaxLoss.crossEntropy(weights, unseen, classes)));
    }
    double chosen =
        candidates.stream()
            .min(Comparator.comparingDouble(ProbeReport.Candidate::heldOutCrossEntropyNats))
            .orElseThrow()
            .l2();
    each.run();
    Scaling scaling = Scaling.of(train);
    Lbfgs.Minimum all = minimum(scaling.apply(train), classes, chosen, new double[weights.length]);
    return new Fit(scaling, all.point(), chosen, candidates, heldOut.length, all.iterations());
  }

  private static Lbfgs.Minimum minimum(Features features, int classes, double l2, double[] start) {
    return Lbfgs.minimize(new SoftmaxLoss(features, classes, l2), start, TOLERANCE, ITERATIONS);
  }

  /** The rows up to {@code size} that are not among {@code places}, ascending. */
  static int[] others(int size, int[] places) {
    boolean[] taken = new boolean[size];
    Arrays.stream(places).forEach(place -> taken[place] = true);
    return IntStream.range(0, size).filter(i -> !taken[i]).toArray();
  }
}
