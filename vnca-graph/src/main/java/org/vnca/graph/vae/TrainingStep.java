package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.graph.ca.Decoder;
import org.vnca.graph.ca.NonDoublingDecoder;
import org.vnca.graph.ca.UpdateNet;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Precision;

/**
 * One step of training: encode, sample once, decode, minimise -ELBO, clip, update (paper, section
 * 3).
 *
 * <p>A pure function of the variables, the images, the step's number and, with a pool, its order.
 *
 * @param images to be fed: stored images {@code [B, h, w, channels]} uint8
 * @param step to be fed: scalar int64, counts from 0
 * @param pixels the images as the model sees them, {@code [B, H, W, channels]} float32; with a
 *     pool, the last ones are those of its entries
 * @param noise the posterior's noise, {@code [B, Z]}; a test may feed it
 * @param loss scalar, nats per image, averaged over the batch: reconstruction + beta KL
 * @param reconstruction scalar, nats per image, averaged over the batch: -log p(x|z)
 * @param kl scalar, nats per image, averaged over the batch: KL(q(z|x) || p(z))
 * @param gradients unclipped, in the order of {@link Vnca#trainable()}
 * @param gradientNorm scalar, of all gradients together, before clipping
 * @param clipped the clipped gradients
 * @param update the operation to run: it is done when every variable is updated
 * @param pool what is to be fed besides, if there is a pool
 */
public record TrainingStep(
    Placeholder<TUint8> images,
    Placeholder<TInt64> step,
    Operand<TFloat32> pixels,
    Operand<TFloat32> noise,
    Operand<TFloat32> loss,
    Operand<TFloat32> reconstruction,
    Operand<TFloat32> kl,
    List<Operand<TFloat32>> gradients,
    Operand<TFloat32> gradientNorm,
    List<Operand<TFloat32>> clipped,
    Op update,
    Optional<PoolPorts> pool) {

  /** Builds the step, with Adam's moments as further variables, into the model's graph. */
  public static TrainingStep build(Vnca model, Settings settings) {
    Ops tf = model.ops("train");
    Placeholder<TUint8> images = model.images(tf);
    Placeholder<TInt64> step =
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Decoder.Draw draw = new Decoder.Draw(model.seed(), step);
    Encoder encoder = model.encoder().withPrecision(settings.precision());
    Decoder decoder = model.decoder().withPrecision(settings.precision());
    Optional<Pool> pool =
        settings.pool().present()
            ? Optional.of(
                new Pool(
                    tf.withSubScope("pool"),
                    model,
                    (NonDoublingDecoder) decoder,
                    settings.pool(),
                    draw))
            : Optional.empty();
    Operand<TFloat32> given = model.pixels(tf, images);
    Operand<TFloat32> x = pool.map(p -> p.images(given)).orElse(given);
    Encoder.Trace encoding = encoder.forward(tf.withSubScope("encoder"), x);
    Gaussian posterior = Gaussian.of(tf, encoding.output(), model.spec().posterior());
    Operand<TFloat32> noise =
        Stream.POSTERIOR.normal(tf, latentShape(tf, images, model.spec()), model.seed(), step);
    Operand<TFloat32> z = posterior.sample(tf, noise);
    Operand<TFloat32> kl = mean(tf, posterior.kl(tf));

    Decoder.Trace trace =
        pool.map(p -> p.trace(z, settings.memory()))
            .orElseGet(() -> decoder.train(tf.withSubScope("decoder"), z, settings.memory(), draw));
    Operand<TFloat32> logLikelihood = model.likelihood().logProbability(tf, trace.last(), x);
    Operand<TFloat32> reconstruction = tf.math.neg(mean(tf, logLikelihood));
    Operand<TFloat32> loss =
        tf.math.neg(Bounds.elbo(tf, tf.math.neg(reconstruction), kl, settings.beta()));

    Operand<TFloat32> dLast =
        gradients(model.graph(), "head", List.of(reconstruction), List.of(trace.last()), null)
            .get(0);
    UpdateNet.Backward back = trace.backward(tf.withSubScope("decoder_gradient"), dLast);
    Operand<TFloat32> dEncoding =
        gradients(
                model.graph(),
                "posterior",
                List.of(z, kl),
                List.of(encoding.output()),
                List.of(back.dz(), tf.constant((float) settings.beta())))
            .get(0);
    List<Operand<TFloat32>> all =
        new ArrayList<>(encoder.backward(tf.withSubScope("encoder_gradient"), encoding, dEncoding));
    all.addAll(back.dWeights());
    GradientNorm clip = GradientNorm.clip(tf, all, settings.clipNorm());
    Adam adam = new Adam(settings.adam(), model.trainable(), model.parameters());
    List<Op> updates = new ArrayList<>();
    updates.add(adam.apply(tf, step, clip.clipped()));
    pool.ifPresent(p -> updates.add(p.put(x, trace.last())));
    return new TrainingStep(
        images,
        step,
        x,
        noise,
        loss,
        reconstruction,
        kl,
        List.copyOf(all),
        clip.norm(),
        clip.clipped(),
        tf.withControlDependencies(updates).noOp(),
        pool.map(Pool::ports));
  }

  /**
   * The shape {@code [B, Z]}. Not taken from the posterior: {@code addGradients} would follow it
   * into the random operation, which has no gradient.
   */
  private static Operand<TInt32> latentShape(Ops tf, Operand<TUint8> images, ModelSpec spec) {
    Operand<TInt32> batch =
        tf.slice(tf.shape(images), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    return tf.concat(List.of(batch, tf.constant(new int[] {spec.latent()})), tf.constant(0));
  }

  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> perImage) {
    return tf.math.mean(perImage, tf.constant(0));
  }

  private static List<Operand<TFloat32>> gradients(
      Graph graph,
      String name,
      List<Operand<TFloat32>> of,
      List<Operand<TFloat32>> by,
      List<Operand<TFloat32>> seeds) {
    Output<?>[] found =
        graph.addGradients(
            "train/gradient_" + name,
            outputs(of),
            outputs(by),
            seeds == null ? null : outputs(seeds));
    List<Operand<TFloat32>> gradients = new ArrayList<>();
    for (int i = 0; i < by.size(); i++) {
      if (i >= found.length || found[i] == null) {
        throw new IllegalStateException("no gradient reaches " + by.get(i).asOutput().op().name());
      }
      @SuppressWarnings("unchecked") // a gradient has its operand's type
      Output<TFloat32> gradient = (Output<TFloat32>) found[i];
      gradients.add(gradient);
    }
    return gradients;
  }

  private static Output<?>[] outputs(List<Operand<TFloat32>> operands) {
    return operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
  }

  /**
   * What a step depends on beside the model.
   *
   * @param beta weight of the KL term
   * @param clipNorm limit of the gradient's norm
   * @param memory what the decoder keeps for its backward pass
   * @param precision in which the convolutions multiply; what measures and draws stays float32
   * @param adam the optimizer's numbers
   * @param pool the pool, if there is one; for a non-doubling decoder
   */
  public record Settings(
      double beta,
      double clipNorm,
      MemoryPolicy memory,
      Precision precision,
      Adam.Settings adam,
      PoolSpec pool) {}
}
