package org.vnca.graph.serving;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.vae.Vnca;

/**
 * From latent vectors to images: what the model dreams, reconstructs, and how it grows.
 *
 * @param numbers to be fed: which dreams, {@code [N]} int64; a number's dream does not depend on
 *     the others
 * @param prior latent vectors of the prior for the numbers, {@code [N, Z]}
 * @param images to be fed: stored images {@code [N, h, w, channels]} uint8
 * @param posteriorMean the mean of q(z|x) of the images, {@code [N, Z]}
 * @param pixels the images as the model sees them, {@code [N, H, W, channels]} in [0, 1]
 * @param latents to be fed: {@code [N, Z]} float32
 * @param mean the mean image of p(x|z), {@code [N, H, W, channels]} in [0, 1]
 * @param sample an image drawn from p(x|z) by the streams of the numbers, of the same shape
 * @param growth for each stage the mean images of its first state and of each step, {@code [M + 1,
 *     N, h, w, channels]} in [0, 1]; empty for a decoder that is no automaton
 */
public record Generation(
    Placeholder<TInt64> numbers,
    Operand<TFloat32> prior,
    Placeholder<TUint8> images,
    Operand<TFloat32> posteriorMean,
    Operand<TFloat32> pixels,
    Placeholder<TFloat32> latents,
    Operand<TFloat32> mean,
    Operand<TFloat32> sample,
    List<Operand<TFloat32>> growth) {

  /** Builds it into the model's graph. */
  public static Generation build(Vnca model) {
    Ops tf = model.ops("generation");
    int latent = model.spec().latent();
    ImageShape image = model.image();
    Placeholder<TInt64> numbers =
        tf.withName("numbers").placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
    Placeholder<TUint8> images = model.images(tf);
    Operand<TFloat32> x = model.pixels(tf, images);
    Placeholder<TFloat32> latents =
        tf.withName("latents").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, latent)));
    Operand<TFloat32> states = model.decoder().decode(tf.withSubScope("decoder"), latents);
    Operand<TFloat32> uniform =
        Stream.LIKELIHOOD.uniforms(
            tf.withSubScope("pixel_noise"),
            Shape.of(image.height(), image.width(), model.likelihood().draws()),
            model.seed(),
            numbers);
    return new Generation(
        numbers,
        Stream.PRIOR.normals(tf.withSubScope("prior"), Shape.of(latent), model.seed(), numbers),
        images,
        model.posterior(tf.withSubScope("encoder"), x).mean(),
        x,
        latents,
        model.likelihood().mean(tf, states),
        model.likelihood().sample(tf, states, uniform),
        growth(tf.withSubScope("growth"), model, latents));
  }

  private static List<Operand<TFloat32>> growth(Ops tf, Vnca model, Operand<TFloat32> latents) {
    return model.decoder().cellular().stream()
        .map(decoder -> decoder.trace(tf, latents, MemoryPolicy.RECOMPUTE))
        .flatMap(trace -> trace.stages(tf).stream())
        .map(stage -> model.likelihood().mean(tf, stage))
        .toList();
  }
}
