package org.vnca.eval.probe;

import java.util.List;

/**
 * How well a linear probe of the latent mean names the labels.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param split on which the accuracy is measured
 * @param accuracy share of the split's images that are named right
 * @param accuracyStandardError root of accuracy (1 - accuracy) / images
 * @param crossEntropyNats mean of -log p(label|z) over the split
 * @param images how many the accuracy is measured on
 * @param classes how many there are
 * @param latentUnits Z, the numbers that the probe sees
 * @param trainImages how many it learns from in the end
 * @param trainAccuracy share of those that are named right
 * @param heldOutImages how many of them the regularisation was chosen on
 * @param l2 weight of the regularisation that was chosen
 * @param candidates what was tried, by falling weight
 * @param iterations of the optimizer, in the end
 * @param seconds wall time of it all
 * @param weights that encoded: {@code average} or {@code trained}
 */
public record ProbeReport(
    String run,
    long step,
    String split,
    double accuracy,
    double accuracyStandardError,
    double crossEntropyNats,
    int images,
    int classes,
    int latentUnits,
    int trainImages,
    double trainAccuracy,
    int heldOutImages,
    double l2,
    List<Candidate> candidates,
    int iterations,
    double seconds,
    String weights) {
  public ProbeReport {
    candidates = List.copyOf(candidates);
  }

  /**
   * A regularisation that was tried.
   *
   * @param l2 its weight
   * @param heldOutAccuracy share of the held-out images that are named right
   * @param heldOutCrossEntropyNats mean of -log p(label|z) over them, by which it is chosen
   */
  public record Candidate(double l2, double heldOutAccuracy, double heldOutCrossEntropyNats) {}
}
