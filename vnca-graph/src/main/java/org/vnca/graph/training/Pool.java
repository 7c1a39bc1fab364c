package org.vnca.graph.training;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.decoder.PoolDecoder;
import org.vnca.graph.decoder.SquareDamage;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.vae.Vnca;

/**
 * The pool of states on the device, or a device's part of it: P last states with their images, as
 * variables. A step gathers some of them in place of the last seeds of its batch, and scatters its
 * own last states into slots that are free. Nothing passes through the host but the slots' numbers,
 * which {@link PoolOrder} works out.
 *
 * <p>The seeds of the pool carry no gradient: back-propagation through time is truncated. The KL
 * term counts all images of the batch, as in the paper's pseudo-code (A.3).
 */
final class Pool {
  static final String STATES = "pool/states";
  static final String IMAGES = "pool/images";

  private final Ops tf;
  private final PoolDecoder decoder;
  private final Parameter states;
  private final Parameter images;
  private final PoolPorts ports;

  /** {@code [n, H, W, 1]}: what the states that are read are multiplied by. */
  private final Operand<TFloat32> undamaged;

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
    this.states = variable(model, STATES, spec, model.spec().latent(), draw.part());
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
    this.undamaged = SquareDamage.mask(tf, ports.corners(), sides(spec.damage()), grid);
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
   * The states that a step begins with: the seeds of z, and in place of the last ones the entries
   * that are read.
   *
   * @param z {@code [B, Z]}
   * @return {@code [B, H, W, Z]}
   */
  Operand<TFloat32> states(Operand<TFloat32> z) {
    Operand<TFloat32> seeds = decoder.seeds(tf, fresh(z, 2));
    Operand<TFloat32> entries = tf.resourceGather(states.handle(), ports.read(), TFloat32.class);
    return tf.concat(List.of(seeds, tf.math.mul(entries, undamaged)), tf.constant(0));
  }

  /**
   * Grows a part of the states.
   *
   * @param first the part's rows of {@link #states}
   * @param drawn what the part's random numbers are keyed by
   */
  Decoder.Trace grow(Operand<TFloat32> first, MemoryPolicy policy, Decoder.Draw drawn) {
    return decoder.grow(tf, first, ports.steps(), policy, drawn);
  }

  /**
   * The gradient of z from that of {@link #states}; no part of it comes from entries.
   *
   * @param dStates {@code [B, H, W, Z]}
   * @return {@code [B, Z]}
   */
  Operand<TFloat32> statesBackward(Ops gradient, Operand<TFloat32> z, Operand<TFloat32> dStates) {
    Operand<TFloat32> dz = decoder.seedsBackward(gradient, fresh(dStates, 4));
    Operand<TFloat32> none =
        gradient.zerosLike(
            gradient.slice(
                z,
                gradient.stack(List.of(freshCount(z), gradient.constant(0))),
                gradient.constant(new int[] {-1, -1})));
    return gradient.concat(List.of(dz, none), gradient.constant(0));
  }

  /**
   * Puts images and last states into the slots.
   *
   * @param after what must have run before
   * @param x the images, {@code [B, H, W, channels]}
   * @param last the last states, {@code [B, H, W, Z]}
   */
  Op put(List<Op> after, Operand<TFloat32> x, Operand<TFloat32> last) {
    Ops update = after.isEmpty() ? tf : tf.withControlDependencies(after);
    Operand<TInt32> rows = ports.rows();
    Op putImages =
        update.resourceScatterUpdate(
            images.handle(), ports.slots(), update.gather(x, rows, update.constant(0)));
    Op putStates =
        update.resourceScatterUpdate(
            states.handle(), ports.slots(), update.gather(last, rows, update.constant(0)));
    return update.withControlDependencies(List.of(putImages, putStates)).noOp();
  }

  /** The first rows, those that are not from the pool. */
  private Operand<TFloat32> fresh(Operand<TFloat32> batch, int rank) {
    Operand<TInt32> others = tf.constant(IntStream.range(1, rank).map(i -> -1).toArray());
    return tf.slice(
        batch,
        tf.constant(new int[rank]),
        tf.concat(
            List.of(tf.expandDims(freshCount(batch), tf.constant(0)), others), tf.constant(0)));
  }

  /** Scalar. */
  private Operand<TInt32> freshCount(Operand<TFloat32> batch) {
    Operand<TInt32> count = tf.gather(tf.shape(batch), tf.constant(0), tf.constant(0));
    return tf.math.sub(count, used());
  }
}
