package org.vnca.graph.training;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.decoder.PoolDecoder;
import org.vnca.graph.decoder.SquareDamage;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Rows;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.vae.Vnca;

/**
 * The pool of states on the device, or a device's part of it: P last states with their images, as
 * variables. A step gathers some of them in place of the last images of its batch, and scatters its
 * own last states into slots that are free. Nothing passes through the host but the slots' numbers,
 * which {@link PoolOrder} works out.
 *
 * <p>What is read of the pool carries no gradient: back-propagation through time is truncated.
 */
final class Pool {
  static final String STATES = "pool/states";
  static final String IMAGES = "pool/images";

  private final Ops tf;
  private final PoolDecoder decoder;
  private final Parameter states;
  private final Parameter images;
  private final PoolPorts ports;

  /** The states that are read, some of them damaged, {@code [n, H, W, C]}. */
  private final Operand<TFloat32> entries;

  /**
   * Adds the variables.
   *
   * @param spec of the whole pool
   * @param draw of the part of the batch that the pool is for
   */
  Pool(Ops tf, Vnca model, PoolDecoder decoder, PoolSpec spec, Decoder.Draw draw) {
    ImageShape image = model.image();
    int grid = image.height();
    this.tf = tf;
    this.decoder = decoder;
    this.states = variable(model, STATES, spec, model.spec().cellChannels(), draw.part());
    this.images = variable(model, IMAGES, spec, image.channels(), draw.part());
    Placeholder<TInt32> read = numbers("read");
    Operand<TInt32> pairs =
        tf.concat(List.of(tf.shape(read), tf.constant(new int[] {2})), tf.constant(0));
    Operand<TFloat32> uniform = draw.uniform(tf, Stream.DAMAGE, pairs);
    this.ports =
        new PoolPorts(
            read,
            numbers("rows"),
            numbers("slots"),
            SquareDamage.corners(tf, uniform, grid, spec.damage()),
            decoder.steps(tf, draw));
    this.entries =
        tf.math.mul(
            tf.resourceGather(states.handle(), ports.read(), TFloat32.class),
            SquareDamage.mask(tf, ports.corners(), sides(spec.damage()), grid));
  }

  private static Parameter variable(
      Vnca model, String name, PoolSpec spec, int channels, BatchPart part) {
    int grid = model.image().height();
    return model
        .parameters()
        .addPart(name, Shape.of(spec.size(), grid, grid, channels), new Initial.Zero(), part);
  }

  private Placeholder<TInt32> numbers(String name) {
    return tf.withName(name).placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
  }

  /** The damaged squares' sides, {@code [n]}: the first half of what is read loses one. */
  private Operand<TInt32> sides(int side) {
    Operand<TInt32> half = tf.math.floorDiv(used(), tf.constant(2));
    Operand<TInt32> number = tf.range(tf.constant(0), used(), tf.constant(1));
    return tf.math.mul(tf.dtypes.cast(tf.math.less(number, half), TInt32.class), tf.constant(side));
  }

  /** How many entries are read, scalar. */
  private Operand<TInt32> used() {
    return tf.squeeze(tf.shape(ports.read()));
  }

  /** What a step feeds, or may. */
  PoolPorts ports() {
    return ports;
  }

  /**
   * A batch's images with those of the entries that are read in place of its last ones.
   *
   * @param x {@code [B, H, W, channels]}
   */
  Operand<TFloat32> images(Operand<TFloat32> x) {
    return tf.concat(
        List.of(fresh(x, 4), tf.resourceGather(images.handle(), ports.read(), TFloat32.class)),
        tf.constant(0));
  }

  /**
   * Decodes a part of the batch: its fresh images grow from z, then settle together with the
   * entries that stand in place of the others.
   *
   * @param z of the part, {@code [m, Z]}; what stands where entries are read goes nowhere
   * @param part which of the pool's part of the batch
   * @param drawn what the part's random numbers are keyed by
   */
  Decoder.Trace decode(
      Ops scope, Operand<TFloat32> z, BatchPart part, MemoryPolicy policy, Decoder.Draw drawn) {
    Operand<TInt32> rows = Rows.count(scope, z);
    Operand<TInt32> begin = scope.math.mul(rows, scope.constant(part.index()));
    Operand<TInt32> ofBatch =
        scope.math.sub(scope.math.mul(rows, scope.constant(part.count())), used());
    Operand<TInt32> zero = scope.constant(0);
    Operand<TInt32> fresh =
        scope.math.minimum(rows, scope.math.maximum(zero, scope.math.sub(ofBatch, begin)));
    Operand<TInt32> others = scope.math.sub(rows, fresh);
    Operand<TInt32> firstEntry = scope.math.maximum(zero, scope.math.sub(begin, ofBatch));
    // On a CPU, a convolution of no image at all has the wrong shape.
    Operand<TInt32> growing = scope.math.maximum(fresh, scope.constant(1));
    Decoder.Trace growth =
        decoder.growth(
            scope.withSubScope("growth"),
            Rows.of(scope, z, zero, growing, 2),
            policy,
            drawn.firstOf(rows));
    Operand<TFloat32> begun =
        scope.concat(
            List.of(
                Rows.of(scope, growth.last(), zero, fresh, 4),
                Rows.of(scope, entries, firstEntry, others, 4)),
            scope.constant(0));
    Decoder.Trace settling =
        decoder.settle(scope.withSubScope("settle"), begun, ports.steps(), policy, drawn);
    return new PartTrace(growth, settling, fresh, Rows.of(scope, z, fresh, others, 2));
  }

  /**
   * A decoding of which a part began with entries.
   *
   * @param fresh how many images did not, the first ones, scalar
   * @param unused latent vectors of the others
   */
  private record PartTrace(
      Decoder.Trace growth, Decoder.Trace settling, Operand<TInt32> fresh, Operand<TFloat32> unused)
      implements Decoder.Trace {
    @Override
    public Operand<TFloat32> last() {
      return settling.last();
    }

    @Override
    public Layer.Backward backward(Ops gradient, Operand<TFloat32> dLast) {
      Operand<TInt32> zero = gradient.constant(0);
      Layer.Backward settled = settling.backward(gradient.withSubScope("settle"), dLast);
      Operand<TFloat32> grownInVain =
          Rows.of(gradient, growth.last(), fresh, gradient.constant(-1), 4);
      Operand<TFloat32> dGrown =
          gradient.concat(
              List.of(
                  Rows.of(gradient, settled.dx(), zero, fresh, 4), gradient.zerosLike(grownInVain)),
              zero);
      Layer.Backward grown = growth.backward(gradient.withSubScope("growth"), dGrown);
      return new Layer.Backward(
          gradient.concat(
              List.of(Rows.of(gradient, grown.dx(), zero, fresh, 2), gradient.zerosLike(unused)),
              zero),
          settled.dWeights().plus(gradient, grown.dWeights()));
    }
  }

  /** The share of a batch's images that are not from the pool, scalar. */
  Operand<TFloat32> freshShare(Operand<TFloat32> batch) {
    Operand<TFloat32> all = tf.dtypes.cast(Rows.count(tf, batch), TFloat32.class);
    return tf.math.div(tf.math.sub(all, tf.dtypes.cast(used(), TFloat32.class)), all);
  }

  /**
   * Which images of a batch are not put back: those from the pool that are too far off.
   *
   * @param errors {@code [B]}, nats
   * @param limit the largest error of what is put back, scalar
   * @return {@code [B]} int32: 1 for those, 0 for others
   */
  Operand<TInt32> dropped(Operand<TFloat32> errors, Operand<TFloat32> limit) {
    Operand<TInt32> all = Rows.count(tf, errors);
    Operand<TInt32> number = tf.range(tf.constant(0), all, tf.constant(1));
    Operand<TBool> entry = tf.math.greaterEqual(number, tf.math.sub(all, used()));
    // One that is no number is beyond every limit.
    Operand<TBool> beyond = tf.math.logicalNot(tf.math.lessEqual(errors, limit));
    return tf.dtypes.cast(tf.math.logicalAnd(entry, beyond), TInt32.class);
  }

  /**
   * Puts images and last states into the slots.
   *
   * @param after what must have run before
   * @param x the images, {@code [B, H, W, channels]}
   * @param last the last states, {@code [B, H, W, C]}
   * @param dropped as {@link #dropped}, if any may be
   */
  Op put(
      List<Op> after,
      Operand<TFloat32> x,
      Operand<TFloat32> last,
      Optional<Operand<TInt32>> dropped) {
    Ops update = after.isEmpty() ? tf : tf.withControlDependencies(after);
    Operand<TInt32> rows = ports.rows();
    Operand<TInt32> slots = ports.slots();
    if (dropped.isPresent()) {
      Operand<TInt32> which = tf.gather(dropped.get(), rows, tf.constant(0));
      Operand<TInt64> kept =
          tf.squeeze(tf.where(tf.math.equal(which, tf.constant(0))), Squeeze.axis(List.of(1L)));
      rows = tf.gather(rows, kept, tf.constant(0));
      slots = tf.gather(slots, kept, tf.constant(0));
    }
    Op putImages =
        update.resourceScatterUpdate(
            images.handle(), slots, update.gather(x, rows, update.constant(0)));
    Op putStates =
        update.resourceScatterUpdate(
            states.handle(), slots, update.gather(last, rows, update.constant(0)));
    return update.withControlDependencies(List.of(putImages, putStates)).noOp();
  }

  /** The first rows, those that are not from the pool. */
  Operand<TFloat32> fresh(Operand<TFloat32> batch, int rank) {
    return Rows.of(tf, batch, tf.constant(0), tf.math.sub(Rows.count(tf, batch), used()), rank);
  }
}
