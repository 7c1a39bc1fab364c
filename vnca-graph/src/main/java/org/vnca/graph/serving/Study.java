package org.vnca.graph.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.CellularDecoder;
import org.vnca.graph.vae.Vnca;

/**
 * Decodings in parts, with the states between them as data: what studies damage, grow further and
 * look at.
 *
 * @param latents to be fed: {@code [N, Z]} float32
 * @param seeds what the decoder's first stage begins with, {@code [N, h, w, C]}
 * @param states to be fed: {@code [N, h, w, C]} float32, of any stage
 * @param stages the fed states after each of the decoder's stages alone
 * @param images to be fed: stored images {@code [N, h, w, channels]} uint8
 * @param mean the mean images of the fed states, which must be full-grown, {@code [N, H, W,
 *     channels]} in [0, 1]
 * @param logLikelihood log p(image | fed states), nats, {@code [N]}
 * @param further steps beyond growth; empty for a decoder that is no automaton
 */
public record Study(
    Placeholder<TFloat32> latents,
    Operand<TFloat32> seeds,
    Placeholder<TFloat32> states,
    List<Operand<TFloat32>> stages,
    Placeholder<TUint8> images,
    Operand<TFloat32> mean,
    Operand<TFloat32> logLikelihood,
    Optional<Further> further) {

  /**
   * Further steps of the fed states.
   *
   * @param steps to be fed: S, scalar int32
   * @param time to be fed: how many steps the states had already, scalar int32
   * @param last the states after S steps, {@code [N, H, W, C]}
   * @param watchedLast the same, by way of a history
   * @param watchedMeans mean images of the fed states and after each step, {@code [S + 1, N, H, W,
   *     channels]}
   * @param watchedLogLikelihoods log p(image | states) of the same, nats, {@code [S + 1, N]}
   */
  public record Further(
      Placeholder<TInt32> steps,
      Placeholder<TInt32> time,
      Operand<TFloat32> last,
      Operand<TFloat32> watchedLast,
      Operand<TFloat32> watchedMeans,
      Operand<TFloat32> watchedLogLikelihoods) {}

  /** Builds it into the model's graph. */
  public static Study build(Vnca model) {
    Ops tf = model.ops("study");
    Placeholder<TFloat32> latents =
        tf.withName("latents")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, model.spec().latent())));
    Placeholder<TFloat32> states =
        tf.withName("states")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, -1)));
    Placeholder<TUint8> images = model.images(tf);
    Operand<TFloat32> x = model.pixels(tf, images);
    List<Operand<TFloat32>> stages = new ArrayList<>();
    for (int k = 0; k < model.decoder().stages(); k++) {
      stages.add(model.decoder().stage(tf.withSubScope("stage" + k), states, k));
    }
    return new Study(
        latents,
        model.decoder().seeds(tf.withSubScope("seeds"), latents),
        states,
        List.copyOf(stages),
        images,
        model.likelihood().mean(tf, states),
        model.likelihood().logProbability(tf, states, x),
        further(tf.withSubScope("further"), model, states, x));
  }

  private static Optional<Further> further(
      Ops tf, Vnca model, Operand<TFloat32> states, Operand<TFloat32> x) {
    return model.decoder().cellular().map(decoder -> further(tf, model, decoder, states, x));
  }

  private static Further further(
      Ops tf, Vnca model, CellularDecoder decoder, Operand<TFloat32> states, Operand<TFloat32> x) {
    Placeholder<TInt32> steps =
        tf.withName("steps").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt32> time =
        tf.withName("time").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> all = decoder.advanceWatched(tf.withSubScope("watched"), states, steps, time);
    return new Further(
        steps,
        time,
        decoder.advance(tf.withSubScope("last"), states, steps, time),
        tf.gather(all, steps, tf.constant(0)),
        model.likelihood().mean(tf, all),
        logLikelihoods(tf, model, all, steps, x));
  }

  /** The likelihood takes one batch; so all times are laid one behind another. */
  private static Operand<TFloat32> logLikelihoods(
      Ops tf, Vnca model, Operand<TFloat32> all, Operand<TInt32> steps, Operand<TFloat32> x) {
    ImageShape image = model.image();
    Operand<TInt32> times = tf.math.add(steps, tf.constant(1));
    Operand<TInt32> grid =
        tf.constant(new int[] {-1, image.height(), image.width(), model.spec().cellChannels()});
    Operand<TInt32> repeats =
        tf.concat(
            List.of(
                tf.reshape(times, tf.constant(new int[] {1})), tf.constant(new int[] {1, 1, 1})),
            tf.constant(0));
    Operand<TFloat32> flat =
        model.likelihood().logProbability(tf, tf.reshape(all, grid), tf.tile(x, repeats));
    return tf.reshape(flat, tf.stack(List.of(times, tf.constant(-1))));
  }
}
