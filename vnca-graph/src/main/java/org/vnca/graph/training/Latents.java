package org.vnca.graph.training;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.spec.Objective;
import org.vnca.graph.vae.Bounds;
import org.vnca.graph.vae.Gaussian;
import org.vnca.graph.vae.SampleRows;

/**
 * The latent vectors that a training step decodes, k of each image, those of an image one behind
 * the other, and what is made of the log-probabilities of their decodings.
 *
 * @param z {@code [b k, Z]}
 * @param samples k
 * @param logPriorRatio log p(z) - log q(z|x), {@code [b k]}, nats; if there are several, or they
 *     are weighed
 * @param beta weight of that ratio in the logarithm of an importance weight, scalar; empty if all
 *     decodings of an image count alike
 */
record Latents(
    Operand<TFloat32> z,
    int samples,
    Optional<Operand<TFloat32>> logPriorRatio,
    Optional<Operand<TFloat32>> beta) {

  /**
   * Draws them.
   *
   * @param posterior of the images, {@code [b, Z]}
   * @param latent Z
   * @param noise standard normal, {@code [b k, Z]}
   * @param beta scalar
   */
  static Latents draw(
      Ops tf,
      TrainingStep.Settings settings,
      Gaussian posterior,
      int latent,
      Operand<TFloat32> noise,
      Operand<TFloat32> beta) {
    int samples = settings.samples();
    boolean weighed = settings.objective() == Objective.IWAE;
    Gaussian ofEach =
        samples == 1 ? posterior : posterior.repeated(tf, tf.constant(samples), latent);
    Operand<TFloat32> z = ofEach.sample(tf, noise);
    return new Latents(
        z,
        samples,
        weighed || samples > 1 ? Optional.of(ofEach.logPriorRatio(tf, noise, z)) : Optional.empty(),
        weighed ? Optional.of(beta) : Optional.empty());
  }

  /** Those of a part of the images. */
  Latents of(Ops tf, BatchPart part) {
    return new Latents(
        part.of(tf, z, 2), samples, logPriorRatio.map(ratio -> part.of(tf, ratio, 1)), beta);
  }

  /**
   * The image of each decoding.
   *
   * @param x {@code [b, H, W, channels]}
   * @return {@code [b k, H, W, channels]}
   */
  Operand<TFloat32> images(Ops tf, Operand<TFloat32> x, ImageShape shape) {
    return samples == 1
        ? x
        : SampleRows.repeated(
            tf, x, tf.constant(samples), shape.height(), shape.width(), shape.channels());
  }

  /** Whether the decodings of an image are weighed. */
  boolean weighed() {
    return beta.isPresent();
  }

  /**
   * What is minimised of the decodings, averaged over the images: minus the logarithm of the mean
   * of their weights, or the reconstruction error.
   *
   * @param logProbability log p(x|z) of each, {@code [b k]}, nats
   * @param reconstruction minus its mean, scalar
   * @return scalar, nats per image
   */
  Operand<TFloat32> cost(
      Ops tf, Operand<TFloat32> logProbability, Operand<TFloat32> reconstruction) {
    return beta.isPresent()
        ? tf.math.neg(bound(tf, logProbability, tf.math.mul(ratio(), beta.get())))
        : reconstruction;
  }

  /** What that depends on beside the decodings: nothing, or {@link #logPriorRatio}. */
  List<Operand<TFloat32>> weighedBy() {
    return weighed() ? List.of(ratio()) : List.of();
  }

  /**
   * The importance-weighted bound of several samples, without beta, so that it is one.
   *
   * @param errors -log p(x|z) of each, {@code [b k]}, nats
   * @return scalar, nats per image, averaged over the images
   */
  Optional<Operand<TFloat32>> iwaeBound(Ops tf, Operand<TFloat32> errors) {
    return samples == 1 ? Optional.empty() : Optional.of(bound(tf, tf.math.neg(errors), ratio()));
  }

  private Operand<TFloat32> bound(
      Ops tf, Operand<TFloat32> logProbability, Operand<TFloat32> logRatio) {
    Operand<TFloat32> perImage = Bounds.iwae(tf, tf.math.add(logProbability, logRatio), samples);
    return tf.math.mean(perImage, tf.constant(0));
  }

  private Operand<TFloat32> ratio() {
    return logPriorRatio.orElseThrow();
  }
}
