package org.vnca.graph.training;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.AutomaticGradients;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.vae.Bounds;
import org.vnca.graph.vae.Encoder;
import org.vnca.graph.vae.Gaussian;
import org.vnca.graph.vae.Vnca;

/**
 * Loss and gradients of a part of the batch: encode, sample once, decode, and back. All that one
 * device computes in a training step; averages over the parts are those of the batch.
 *
 * @param pixels the part's images as the model sees them, {@code [b, H, W, channels]}
 * @param loss scalar, nats per image
 * @param reconstruction scalar, nats per image
 * @param kl scalar, nats per image
 * @param gradients in the order of {@link Vnca#trainable()}
 * @param last the last states, {@code [b, H, W, C]}
 * @param errors of each image, {@code [b]}, nats: -log p(x|z)
 * @param entries the pool, if there is one
 */
record Replica(
    Operand<TFloat32> pixels,
    Operand<TFloat32> loss,
    Operand<TFloat32> reconstruction,
    Operand<TFloat32> kl,
    List<Operand<TFloat32>> gradients,
    Operand<TFloat32> last,
    Operand<TFloat32> errors,
    Optional<Pool> entries) {

  /** What is to be fed, if there is a pool. */
  Optional<PoolPorts> pool() {
    return entries.map(Pool::ports);
  }

  /** Errors of the images that are not from the pool, {@code [f]}. */
  Operand<TFloat32> freshErrors() {
    return entries.map(pool -> pool.fresh(errors, 1)).orElse(errors);
  }

  /**
   * Puts the last states into the pool, if there is one.
   *
   * @param after what must have run before
   * @param limit the largest error of an entry that is put back, scalar, if there is one
   */
  Optional<Put> put(List<Op> after, Optional<Operand<TFloat32>> limit) {
    return entries.map(
        pool -> {
          Optional<Operand<TInt32>> dropped = limit.map(most -> pool.dropped(errors, most));
          return new Put(pool.put(after, pixels, last, dropped), dropped);
        });
  }

  /**
   * What fills the pool.
   *
   * @param op runs it
   * @param dropped which images are not put back, {@code [b]} int32, if any may be
   */
  record Put(Op op, Optional<Operand<TInt32>> dropped) {}

  /**
   * Builds it.
   *
   * @param tf the replica's scope
   * @param microBatches into how many the part is divided
   * @param images of the whole batch, as stored or padded, {@code [B, h, w, channels]}
   * @param noise of the whole batch, {@code [B, Z]}
   * @param beta scalar, weight of the KL term
   * @param draw what the part's random numbers are keyed by
   */
  static Replica build(
      Ops tf,
      Vnca model,
      TrainingStep.Settings settings,
      int microBatches,
      Operand<TUint8> images,
      Operand<TFloat32> noise,
      Operand<TFloat32> beta,
      Decoder.Draw draw) {
    BatchPart part = draw.part();
    Encoder encoder = model.encoder().withPrecision(settings.precision());
    Decoder decoder = model.decoder().withPrecision(settings.precision());
    Optional<Pool> pool =
        settings.pool().present()
            ? Optional.of(
                new Pool(
                    tf.withSubScope("pool"),
                    model,
                    decoder.pooled().orElseThrow(() -> noPool(model)),
                    settings.pool(),
                    draw))
            : Optional.empty();
    Operand<TUint8> own = part.of(tf, images, 4);
    Operand<TFloat32> given = settings.padded() ? model.scaled(tf, own) : model.pixels(tf, own);
    Operand<TFloat32> x = pool.map(p -> p.images(given)).orElse(given);
    Encoder.Trace encoding = encoder.forward(tf.withSubScope("encoder"), x);
    Gaussian posterior = Gaussian.of(tf, encoding.output(), model.spec().posterior());
    Operand<TFloat32> z = posterior.sample(tf, part.of(tf, noise, 2));
    Operand<TFloat32> kl = mean(tf, posterior.kl(tf));
    Operand<TFloat32> cost =
        settings.pool().kl() == PoolSpec.Kl.FRESH && pool.isPresent()
            ? costOfFresh(tf, pool.get(), posterior, settings.freeBits())
            : settings.freeBits() == 0 ? kl : posterior.klWithFreeBits(tf, settings.freeBits());

    DecoderPass decoding =
        DecoderPass.build(
            tf, model.likelihood(), decoder, pool, z, x, settings.memory(), microBatches, draw);
    Operand<TFloat32> reconstruction = decoding.reconstruction();
    Operand<TFloat32> loss = tf.math.neg(Bounds.elbo(tf, tf.math.neg(reconstruction), cost, beta));
    Operand<TFloat32> dEncoding =
        AutomaticGradients.of(
                tf,
                "gradient_posterior",
                List.of(z, cost),
                List.of(encoding.output()),
                List.of(decoding.dz(), beta))
            .get(0);
    Gradients all =
        encoder
            .backward(tf.withSubScope("encoder_gradient"), encoding, dEncoding)
            .plus(tf, decoding.dWeights());
    return new Replica(
        x,
        loss,
        reconstruction,
        kl,
        all.of(model.trainable()),
        decoding.last(),
        decoding.errors(),
        pool);
  }

  /** The KL of the images that are not from the pool, as their share of the batch's mean. */
  private static Operand<TFloat32> costOfFresh(
      Ops tf, Pool pool, Gaussian posterior, double freeBits) {
    Gaussian fresh =
        new Gaussian(pool.fresh(posterior.mean(), 2), pool.fresh(posterior.logSigma(), 2));
    return tf.math.mul(
        freeBits == 0 ? mean(tf, fresh.kl(tf)) : fresh.klWithFreeBits(tf, freeBits),
        pool.freshShare(posterior.mean()));
  }

  private static IllegalArgumentException noPool(Vnca model) {
    return new IllegalArgumentException(
        "a %s decoder that does not settle cannot be trained from a pool"
            .formatted(model.spec().decoder().type()));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> perImage) {
    return tf.math.mean(perImage, tf.constant(0));
  }
}
