package org.vnca.graph.serving;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.vae.Gaussian;
import org.vnca.graph.vae.SampleRows;
import org.vnca.graph.vae.Vnca;

/**
 * A piece of a bound: some samples of some images, S of each of B.
 *
 * <p>The noise of a sample depends on the seed, the image's number and the sample's number alone:
 * not on the batch, nor on how the samples are cut into pieces. It is drawn in blocks of {@value
 * #BLOCK} samples, so a piece starts at a multiple of that.
 *
 * @param images to be fed: stored images {@code [B, h, w, channels]} uint8
 * @param numbers to be fed: which image of its split each is, {@code [B]} int64
 * @param first to be fed: the first sample's number, scalar int64, a multiple of {@value #BLOCK}
 * @param samples to be fed: S, scalar int32
 * @param logLikelihood {@code [B, S]}, nats: log p(x|z)
 * @param logPriorRatio {@code [B, S]}, nats: log p(z) - log q(z|x)
 * @param kl {@code [B]}, nats: KL(q(z|x) || p(z)), closed form
 */
public record ImportanceSampling(
    Placeholder<TUint8> images,
    Placeholder<TInt64> numbers,
    Placeholder<TInt64> first,
    Placeholder<TInt32> samples,
    Operand<TFloat32> logLikelihood,
    Operand<TFloat32> logPriorRatio,
    Operand<TFloat32> kl) {
  /** Samples that are drawn together. */
  public static final int BLOCK = 16;

  /** Blocks of one image have consecutive counters; an image has this many. */
  private static final long BLOCKS_PER_IMAGE = 1L << 24;

  /** Builds it into the model's graph. */
  public static ImportanceSampling build(Vnca model) {
    Ops tf = model.ops("bound");
    int latent = model.spec().latent();
    ImageShape image = model.image();
    Placeholder<TUint8> images = model.images(tf);
    Placeholder<TInt64> numbers =
        tf.withName("numbers").placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TInt64> first =
        tf.withName("first").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt32> samples =
        tf.withName("samples").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));

    Operand<TFloat32> x = model.pixels(tf, images);
    Gaussian posterior = model.posterior(tf.withSubScope("encoder"), x);
    Operand<TFloat32> noise = noise(tf, model, numbers, first, samples);
    Gaussian rows = posterior.repeated(tf, samples, latent);
    Operand<TFloat32> z = rows.sample(tf, noise);
    Operand<TFloat32> states = model.decoder().decode(tf.withSubScope("decoder"), z);
    Operand<TFloat32> logLikelihood =
        model
            .likelihood()
            .logProbability(
                tf,
                states,
                SampleRows.repeated(
                    tf, x, samples, image.height(), image.width(), image.channels()));
    Operand<TInt32> perImage = tf.stack(List.of(tf.constant(-1), samples));
    return new ImportanceSampling(
        images,
        numbers,
        first,
        samples,
        tf.reshape(logLikelihood, perImage),
        tf.reshape(rows.logPriorRatio(tf, noise, z), perImage),
        posterior.kl(tf));
  }

  /** {@code [B S, Z]}. */
  private static Operand<TFloat32> noise(
      Ops tf, Vnca model, Operand<TInt64> numbers, Operand<TInt64> first, Operand<TInt32> samples) {
    int latent = model.spec().latent();
    Operand<TInt64> blocks =
        tf.math.div(
            tf.math.add(tf.dtypes.cast(samples, TInt64.class), tf.constant((long) BLOCK - 1)),
            tf.constant((long) BLOCK));
    Operand<TInt64> offsets =
        tf.math.add(
            tf.range(tf.constant(0L), blocks, tf.constant(1L)),
            tf.math.div(first, tf.constant((long) BLOCK)));
    Operand<TInt64> starts =
        tf.expandDims(tf.math.mul(numbers, tf.constant(BLOCKS_PER_IMAGE)), tf.constant(1));
    Operand<TInt64> counters =
        tf.reshape(tf.math.add(starts, offsets), tf.constant(new int[] {-1}));
    Operand<TFloat32> drawn =
        Stream.BOUND.normals(tf, Shape.of(BLOCK, latent), model.seed(), counters);
    Operand<TInt32> drawnPerImage =
        tf.math.mul(tf.dtypes.cast(blocks, TInt32.class), tf.constant(BLOCK));
    Operand<TFloat32> perImage =
        tf.reshape(drawn, tf.stack(List.of(tf.constant(-1), drawnPerImage, tf.constant(latent))));
    Operand<TFloat32> wanted =
        tf.slice(
            perImage,
            tf.constant(new int[] {0, 0, 0}),
            tf.stack(List.of(tf.constant(-1), samples, tf.constant(-1))));
    return tf.reshape(wanted, tf.constant(new int[] {-1, latent}));
  }
}
