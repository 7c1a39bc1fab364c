package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.Iterator;
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
 * Loss and gradients of a part of the batch: encode, sample k times, decode, and back. All that one
 * device computes in a training step; averages over the parts are those of the batch.
 *
 * @param gradients in the order of {@link Vnca#trainable()}
 * @param pixels the part's images as the model sees them, {@code [b, H, W, channels]}
 * @param loss scalar, nats per image
 * @param reconstruction scalar, nats per image
 * @param kl scalar, nats per image
 * @param last the last states, {@code [b k, H, W, C]}
 * @param errors of each decoding, {@code [b k]}, nats: -log p(x|z)
 * @param iwaeBound scalar, nats per image, if there is more than one sample
 * @param entries the pool, if there is one
 */
record Replica(
    List<Operand<TFloat32>> gradients,
    Operand<TFloat32> pixels,
    Operand<TFloat32> loss,
    Operand<TFloat32> reconstruction,
    Operand<TFloat32> kl,
    Operand<TFloat32> last,
    Operand<TFloat32> errors,
    Optional<Operand<TFloat32>> iwaeBound,
    Optional<Pool> entries) {

  /** All that is computed of the part's images. */
  List<Operand<TFloat32>> operands() {
    List<Operand<TFloat32>> all = new ArrayList<>(gradients);
    all.addAll(List.of(pixels, loss, reconstruction, kl, last, errors));
    iwaeBound.ifPresent(all::add);
    return all;
  }

  /** The same, computed in another way: as {@link #operands}. */
  Replica of(List<Operand<TFloat32>> operands) {
    int count = gradients.size();
    Iterator<Operand<TFloat32>> rest = operands.subList(count, operands.size()).iterator();
    return new Replica(
        operands.subList(0, count),
        rest.next(),
        rest.next(),
        rest.next(),
        rest.next(),
        rest.next(),
        rest.next(),
        iwaeBound.map(bound -> rest.next()),
        entries);
  }

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
   * @param lanes how many of them are computed side by side
   * @param images of the whole batch, as stored or padded, {@code [B, h, w, channels]}
   * @param noise of the whole batch, {@code [B k, Z]}
   * @param beta scalar, weight of the KL term
   * @param draw what the part's random numbers are keyed by
   */
  static Replica build(
      Ops tf,
      Vnca model,
      TrainingStep.Settings settings,
      int microBatches,
      int lanes,
      Operand<TUint8> images,
      Operand<TFloat32> noise,
      Operand<TFloat32> beta,
      Decoder.Draw draw) {
    BatchPart part = draw.part();
    Encoder encoder = model.encoder().withPrecision(settings.precision());
    Decoder trained = model.decoder().withPrecision(settings.precision());
    Decoder decoder = settings.compiled() ? trained.compiled() : trained;
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
    Latents latents =
        Latents.draw(tf, settings, posterior, model.spec().latent(), part.of(tf, noise, 2), beta);
    Operand<TFloat32> kl = mean(tf, posterior.kl(tf));
    Operand<TFloat32> klCost = klCost(tf, settings, pool, posterior, kl);

    DecoderPass decoding =
        DecoderPass.build(
            tf, model, decoder, pool, latents, x, settings.memory(), microBatches, lanes, draw);
    PosteriorTerm term =
        latents.weighed()
            ? PosteriorTerm.weights(latents, decoding)
            : PosteriorTerm.kl(tf, klCost, beta, decoding);
    Operand<TFloat32> dEncoding =
        AutomaticGradients.of(
                tf,
                "gradient_posterior",
                List.of(latents.z(), term.term()),
                List.of(encoding.output()),
                List.of(decoding.dz(), term.gradient()))
            .get(0);
    Gradients all =
        encoder
            .backward(tf.withSubScope("encoder_gradient"), encoding, dEncoding)
            .plus(tf, decoding.dWeights());
    return new Replica(
        all.of(model.trainable()),
        x,
        term.loss(),
        decoding.reconstruction(),
        kl,
        decoding.last(),
        decoding.errors(),
        latents.iwaeBound(tf, decoding.errors()),
        pool);
  }

  /**
   * How the loss depends on the posterior beside the decodings.
   *
   * @param term what it depends on
   * @param gradient the loss's gradient by it
   * @param loss scalar, nats per image
   */
  private record PosteriorTerm(
      Operand<TFloat32> term, Operand<TFloat32> gradient, Operand<TFloat32> loss) {
    /** By the KL: the loss is minus the evidence lower bound. */
    static PosteriorTerm kl(
        Ops tf, Operand<TFloat32> klCost, Operand<TFloat32> beta, DecoderPass decoding) {
      Operand<TFloat32> logLikelihood = tf.math.neg(decoding.reconstruction());
      return new PosteriorTerm(
          klCost, beta, tf.math.neg(Bounds.elbo(tf, logLikelihood, klCost, beta)));
    }

    /** By the importance weights: the loss is minus the logarithm of their mean. */
    static PosteriorTerm weights(Latents latents, DecoderPass decoding) {
      return new PosteriorTerm(
          latents.logPriorRatio().orElseThrow(), decoding.dRatio().orElseThrow(), decoding.cost());
    }
  }

  /** The KL as the loss counts it, scalar, nats per image. */
  private static Operand<TFloat32> klCost(
      Ops tf,
      TrainingStep.Settings settings,
      Optional<Pool> pool,
      Gaussian posterior,
      Operand<TFloat32> kl) {
    if (settings.pool().kl() == PoolSpec.Kl.FRESH && pool.isPresent()) {
      return costOfFresh(tf, pool.get(), posterior, settings.freeBits());
    }
    return settings.freeBits() == 0 ? kl : posterior.klWithFreeBits(tf, settings.freeBits());
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
