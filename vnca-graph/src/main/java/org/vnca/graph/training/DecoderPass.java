package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.AutomaticGradients;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.vae.Vnca;

/**
 * The decoder's forward and backward pass in a training step: decodings, their reconstruction
 * error, what is minimised of them, and its gradients.
 *
 * <p>Images do not depend on each other, so a batch can be taken in parts, one after the other,
 * each decoded and differentiated before the next one begins: what the decoder keeps for its
 * backward pass is then there for one part at a time. Sums of the parts are those of the batch, to
 * rounding. All k decodings of an image are in one part, since what is minimised may tie them.
 *
 * @param last the last states, {@code [b k, H, W, C]}
 * @param errors of each decoding, {@code [b k]}, nats: -log p(x|z)
 * @param reconstruction scalar, nats per image: their mean
 * @param cost scalar, nats per image: {@link Latents#cost}
 * @param dz its gradient by z, {@code [b k, Z]}
 * @param dRatio its gradient by {@link Latents#logPriorRatio}, if the decodings are weighed
 * @param dWeights its gradients by the decoder's parameters
 */
record DecoderPass(
    Operand<TFloat32> last,
    Operand<TFloat32> errors,
    Operand<TFloat32> reconstruction,
    Operand<TFloat32> cost,
    Operand<TFloat32> dz,
    Optional<Operand<TFloat32>> dRatio,
    Gradients dWeights) {

  /**
   * Builds it.
   *
   * @param tf the replica's scope
   * @param pool whose entries are decoded in place of the last latent vectors, if there is one
   * @param latents k of each image
   * @param x the images, {@code [b, H, W, channels]}
   * @param memory what the decoder keeps for its backward pass
   * @param count of micro-batches
   * @param draw what the replica's random numbers are keyed by
   */
  static DecoderPass build(
      Ops tf,
      Vnca model,
      Decoder decoder,
      Optional<Pool> pool,
      Latents latents,
      Operand<TFloat32> x,
      MemoryPolicy memory,
      int count,
      int lanes,
      Decoder.Draw draw) {
    List<Operand<TFloat32>> last = new ArrayList<>();
    List<Operand<TFloat32>> errors = new ArrayList<>();
    List<Operand<TFloat32>> reconstructions = new ArrayList<>();
    List<Operand<TFloat32>> costs = new ArrayList<>();
    List<Operand<TFloat32>> dz = new ArrayList<>();
    List<Operand<TFloat32>> dRatio = new ArrayList<>();
    List<Layer.Backward> backs = new ArrayList<>();
    Gradients sums = Gradients.NONE;
    for (int i = 0; i < count; i++) {
      Ops scope = count == 1 ? tf : tf.withSubScope("micro" + i);
      BatchPart part = new BatchPart(i, count);
      Decoder.Draw drawn = new Decoder.Draw(draw.seed(), draw.step(), draw.part().within(part));
      Ops forward = scope.withSubScope("decoder");
      Latents mine = latents.of(scope, part);
      Operand<TFloat32> begun = i < lanes ? mine.z() : after(scope, backs.get(i - lanes), mine.z());
      Decoder.Trace trace =
          pool.map(p -> p.decode(forward, begun, part, memory, drawn))
              .orElseGet(() -> decoder.train(forward, begun, memory, drawn));
      Operand<TFloat32> logProbability =
          model
              .likelihood()
              .logProbability(
                  scope, trace.last(), mine.images(scope, part.of(scope, x, 4), model.image()));
      Operand<TFloat32> reconstruction =
          scope.math.neg(scope.math.mean(logProbability, scope.constant(0)));
      Operand<TFloat32> cost = mine.cost(scope, logProbability, reconstruction);
      List<Operand<TFloat32>> by = new ArrayList<>(List.of(trace.last()));
      by.addAll(mine.weighedBy());
      List<Operand<TFloat32>> dHead =
          AutomaticGradients.of(
              scope, "gradient_head", List.of(cost), by, List.of(scope.constant(1f / count)));
      Layer.Backward back = trace.backward(scope.withSubScope("decoder_gradient"), dHead.get(0));
      last.add(trace.last());
      errors.add(scope.math.neg(logProbability));
      reconstructions.add(reconstruction);
      costs.add(cost);
      backs.add(back);
      dz.add(back.dx());
      dRatio.addAll(dHead.subList(1, dHead.size()));
      sums = sums.plus(scope, back.dWeights());
    }
    Operand<TFloat32> reconstruction = average(tf, reconstructions);
    return new DecoderPass(
        joined(tf, last),
        joined(tf, errors),
        reconstruction,
        latents.weighed() ? average(tf, costs) : reconstruction,
        joined(tf, dz),
        latents.weighed() ? Optional.of(joined(tf, dRatio)) : Optional.empty(),
        sums);
  }

  private static Operand<TFloat32> average(Ops tf, List<Operand<TFloat32>> parts) {
    return parts.size() == 1
        ? parts.get(0)
        : tf.math.mul(tf.math.addN(parts), tf.constant(1f / parts.size()));
  }

  /** A tensor that is not there before the part before it is done. */
  private static Operand<TFloat32> after(Ops tf, Layer.Backward before, Operand<TFloat32> x) {
    List<Op> done = new ArrayList<>(before.dWeights().operands());
    done.add(before.dx());
    return tf.withControlDependencies(done).identity(x);
  }

  private static Operand<TFloat32> joined(Ops tf, List<Operand<TFloat32>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }
}
