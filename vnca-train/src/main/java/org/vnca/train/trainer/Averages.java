package org.vnca.train.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.graph.session.Training;
import org.vnca.graph.training.StepRates;

/** Means of the training steps since the last report. */
final class Averages {
  private long steps;
  private long images;
  private long nanos;
  private double loss;
  private double reconstruction;
  private double kl;
  private double gradientNorm;
  private double iwaeBound;
  private boolean severalSamples;
  private long skipped;
  private long dropped;
  private StepRates rates = new StepRates(0, 0, 0);
  private final boolean dropping;

  /**
   * Begins.
   *
   * @param dropping whether entries of the pool may be dropped, so that their number is told
   */
  Averages(boolean dropping) {
    this.dropping = dropping;
  }

  /** A step that was not taken; its loss and gradient count nowhere. */
  void skip(int batch, long stepNanos, StepRates stepRates) {
    skipped++;
    images += batch;
    nanos += stepNanos;
    rates = stepRates;
  }

  void add(Training.StepValues values, int batch, long stepNanos, StepRates stepRates) {
    rates = stepRates;
    steps++;
    images += batch;
    nanos += stepNanos;
    loss += values.loss();
    reconstruction += values.reconstruction();
    kl += values.kl();
    gradientNorm += values.gradientNorm();
    dropped += values.dropped();
    severalSamples = values.iwaeBound().isPresent();
    iwaeBound += values.iwaeBound().orElse(0);
  }

  boolean isEmpty() {
    return steps == 0;
  }

  /** Mean loss, nats per image. */
  double loss() {
    return loss / steps;
  }

  double imagesPerSecond() {
    return images * 1e9 / nanos;
  }

  /** Bits per dimension of the ELBO: (reconstruction + KL) / (D ln 2). */
  double bitsPerDim(int dimensions) {
    return (reconstruction + kl) / steps / (dimensions * Math.log(2));
  }

  /** What the console shows. */
  String line(int dimensions) {
    return String.format(
        java.util.Locale.ROOT,
        "loss %.2f  kl %.2f  %.4f bpd  %.0f images/s",
        loss(),
        kl / steps,
        bitsPerDim(dimensions),
        imagesPerSecond());
  }

  /** TensorBoard's tags. */
  Map<String, Double> scalars(int dimensions) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    if (steps > 0) {
      scalars.put("loss", loss());
      scalars.put("reconstruction", reconstruction / steps);
      scalars.put("kl", kl / steps);
      scalars.put("bits_per_dim", bitsPerDim(dimensions));
      if (severalSamples) {
        scalars.put("iwae_bound", iwaeBound / steps);
      }
      scalars.put("gradient_norm", gradientNorm / steps);
    }
    scalars.put("images_per_second", imagesPerSecond());
    scalars.put("learning_rate", (double) rates.learningRate());
    scalars.put("beta", (double) rates.beta());
    scalars.put("skipped_steps", (double) skipped);
    if (dropping) {
      scalars.put("pool_dropped", (double) dropped);
    }
    return scalars;
  }

  void clear() {
    steps = 0;
    skipped = 0;
    dropped = 0;
    images = 0;
    nanos = 0;
    loss = 0;
    reconstruction = 0;
    kl = 0;
    gradientNorm = 0;
    iwaeBound = 0;
  }
}
