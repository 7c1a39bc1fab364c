package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.device.Placement;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.nn.XlaProgram;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Objective;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.vae.Vnca;

/**
 * One step of training: encode, sample, decode, minimise minus a bound on log p(x), clip, update
 * (paper, section 3, where it is the ELBO by one sample).
 *
 * <p>A pure function of the variables, the images, the step's number and, with a pool, its order.
 *
 * @param images to be fed: stored images {@code [B, h, w, channels]} uint8, or padded ones, if the
 *     settings say so
 * @param step to be fed: scalar int64, counts from 0
 * @param rate may be fed: the step's learning rate, scalar float32
 * @param beta may be fed: the step's weight of the KL term, or of log p(z) - log q(z|x) in the
 *     logarithm of each importance weight; scalar float32
 * @param normLimit may be fed: a step with a larger norm of the gradients changes nothing, if the
 *     settings have a guard; scalar float32
 * @param pixels the images as the model sees them, {@code [B, H, W, channels]} float32; with a
 *     pool, the last ones of each part of the batch are those of its entries
 * @param noise the posterior's noise, {@code [B k, Z]}, that of an image's samples one behind the
 *     other; a test may feed it
 * @param loss scalar, nats per image, averaged over the batch: reconstruction + beta KL, with free
 *     bits if there are any, and without the KL of the pool's images if the pool says so; or minus
 *     the importance-weighted bound of the k samples
 * @param reconstruction scalar, nats per image, averaged over the batch and its samples: -log
 *     p(x|z)
 * @param kl scalar, nats per image, averaged over the batch: KL(q(z|x) || p(z)), closed form
 * @param iwaeBound the importance-weighted bound of the k samples, beta aside, scalar, nats per
 *     image, averaged over the batch; if k is more than 1
 * @param gradients unclipped, in the order of {@link Vnca#trainable()}
 * @param gradientNorm scalar, of all gradients together, before clipping
 * @param clipped the clipped gradients
 * @param update the operation to run: it is done when every variable is updated, or the guard has
 *     found that none shall be
 * @param pools what is to be fed besides, if there is a pool: for each part of it
 * @param dropped which images are not put back into the pool, if any may be: for each part of it
 *     {@code [b]} int32, 1 for those and 0 for others
 * @param exchange gives the weights the values of their moving averages, and those theirs, if there
 *     are averages; another run of it takes that back
 */
public record TrainingStep(
    Placeholder<TUint8> images,
    Placeholder<TInt64> step,
    Operand<TFloat32> rate,
    Operand<TFloat32> beta,
    Operand<TFloat32> normLimit,
    Operand<TFloat32> pixels,
    Operand<TFloat32> noise,
    Operand<TFloat32> loss,
    Operand<TFloat32> reconstruction,
    Operand<TFloat32> kl,
    Optional<Operand<TFloat32>> iwaeBound,
    List<Operand<TFloat32>> gradients,
    Operand<TFloat32> gradientNorm,
    List<Operand<TFloat32>> clipped,
    Op update,
    List<PoolPorts> pools,
    List<Operand<TInt32>> dropped,
    Optional<Op> exchange) {

  /** Builds the step, with Adam's moments as further variables, into the model's graph. */
  public static TrainingStep build(Vnca model, Settings settings) {
    return build(model, settings, Placement.ANYWHERE);
  }

  /**
   * Builds the step for several devices: each computes loss and gradients of its part of the batch,
   * which must be divisible; their averages are those of the batch, which are clipped and applied
   * once. Each device has a part of the pool as large as any other's.
   */
  public static TrainingStep build(Vnca model, Settings wanted, Placement placement) {
    Settings settings = wanted.compiled(wanted.compiled() && model.decoder().compilable());
    Ops tf = model.ops("train");
    Placeholder<TUint8> images = settings.padded() ? model.paddedImages(tf) : model.images(tf);
    Placeholder<TInt64> step =
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> noise =
        Stream.POSTERIOR.normal(
            tf, latentShape(tf, images, model.spec(), settings), model.seed(), step);
    Operand<TFloat32> rate = given(tf, "rate", (float) settings.adam().learningRate());
    Operand<TFloat32> beta = given(tf, "beta", (float) settings.beta());
    Operand<TFloat32> normLimit = given(tf, "norm_limit", Float.POSITIVE_INFINITY);
    List<Replica> replicas = new ArrayList<>();
    int parts = placement.parts();
    int microBatches = settings.microBatches().count(parts);
    int lanes = settings.microBatches().lanes();
    for (int i = 0; i < parts; i++) {
      Ops scope = parts == 1 ? tf : tf.withSubScope("replica" + i);
      Decoder.Draw draw = new Decoder.Draw(model.seed(), step, new BatchPart(i, parts));
      replicas.add(
          Placement.on(
              model.graph(),
              placement.replicas().get(i),
              () ->
                  Replica.build(
                      scope, model, settings, microBatches, lanes, images, noise, beta, draw)));
    }
    if (settings.compiled() && parts > 1) {
      for (int i = 0; i < parts; i++) {
        Replica replica = replicas.get(i);
        String name = "replica_program_" + i;
        replicas.set(
            i,
            Placement.on(
                model.graph(),
                placement.replicas().get(i),
                () -> replica.of(XlaProgram.of(tf, name, replica.operands()))));
      }
    }
    List<Operand<TFloat32>> gradients = new ArrayList<>();
    for (int i = 0; i < model.trainable().size(); i++) {
      int parameter = i;
      gradients.add(average(tf, replicas, replica -> replica.gradients().get(parameter)));
    }
    GradientNorm clip = GradientNorm.clip(tf, gradients, settings.clipNorm());
    if (settings.compiled() && parts == 1) {
      List<Operand<TFloat32>> all = new ArrayList<>(replicas.get(0).operands());
      int ofReplica = all.size();
      all.addAll(clip.operands());
      List<Operand<TFloat32>> ofProgram = XlaProgram.of(tf, "step_program", all);
      replicas.set(0, replicas.get(0).of(ofProgram.subList(0, ofReplica)));
      clip = clip.of(ofProgram.subList(ofReplica, all.size()));
      gradients = replicas.get(0).gradients();
    }
    Adam adam = new Adam(settings.adam(), model.trainable(), model.parameters());
    List<Op> taken = settings.guarded() ? taken(tf, clip.norm(), normLimit) : List.of();
    Ops guarded = taken.isEmpty() ? tf : tf.withControlDependencies(taken);
    List<Op> updates = new ArrayList<>();
    Op updated = adam.apply(guarded, step, rate, clip.clipped());
    updates.add(updated);
    Optional<WeightAverage> average =
        settings.averageDecay() > 0
            ? Optional.of(
                new WeightAverage(settings.averageDecay(), model.trainable(), model.parameters()))
            : Optional.empty();
    average.ifPresent(
        each -> updates.add(each.update(tf.withControlDependencies(List.of(updated)), step)));
    Optional<Operand<TFloat32>> limit =
        settings.pool().drops()
            ? Optional.of(
                limit(
                    tf,
                    replicas.stream().map(Replica::freshErrors).toList(),
                    settings.pool().keepBelow()))
            : Optional.empty();
    List<Operand<TInt32>> dropped = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      Replica replica = replicas.get(i);
      Placement.on(model.graph(), placement.replicas().get(i), () -> replica.put(taken, limit))
          .ifPresent(
              put -> {
                updates.add(put.op());
                put.dropped().ifPresent(dropped::add);
              });
    }
    return new TrainingStep(
        images,
        step,
        rate,
        beta,
        normLimit,
        parts == 1
            ? replicas.get(0).pixels()
            : tf.concat(replicas.stream().map(Replica::pixels).toList(), tf.constant(0)),
        noise,
        average(tf, replicas, Replica::loss),
        average(tf, replicas, Replica::reconstruction),
        average(tf, replicas, Replica::kl),
        settings.samples() == 1
            ? Optional.empty()
            : Optional.of(average(tf, replicas, replica -> replica.iwaeBound().orElseThrow())),
        List.copyOf(gradients),
        clip.norm(),
        clip.clipped(),
        tf.withControlDependencies(updates).noOp(),
        replicas.stream().flatMap(replica -> replica.pool().stream()).toList(),
        List.copyOf(dropped),
        average.map(each -> each.exchange(tf)));
  }

  /** The moving average of a weight, if the model is built with one. */
  public static Optional<Parameter> average(Vnca model, Parameter weight) {
    String name = weight.name() + WeightAverage.SUFFIX;
    return model.parameters().all().stream().filter(each -> each.name().equals(name)).findAny();
  }

  /**
   * The largest error of an entry that is put back: so many times the median of the fresh images'
   * errors, all parts together. Of an even number the median is the mean of the two in the middle.
   *
   * @param parts of the errors, {@code [f]} each
   */
  static Operand<TFloat32> limit(Ops tf, List<Operand<TFloat32>> parts, double times) {
    Operand<TFloat32> errors = parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
    Operand<TInt32> count = tf.squeeze(tf.shape(errors));
    Operand<TFloat32> sorted = tf.nn.topK(errors, count, new TopK.Options[0]).values();
    Operand<TInt32> axis = tf.constant(0);
    Operand<TInt32> two = tf.constant(2);
    Operand<TFloat32> above = tf.gather(sorted, tf.math.floorDiv(count, two), axis);
    Operand<TFloat32> below =
        tf.gather(sorted, tf.math.floorDiv(tf.math.sub(count, tf.constant(1)), two), axis);
    Operand<TFloat32> median = tf.math.mul(tf.math.add(above, below), tf.constant(0.5f));
    // A density's error may be below 0.
    return tf.math.add(median, tf.math.mul(tf.math.abs(median), tf.constant((float) (times - 1))));
  }

  /** A number that is what it is here unless it is fed. */
  private static Operand<TFloat32> given(Ops tf, String name, float value) {
    return tf.withName(name).placeholderWithDefault(tf.constant(value), Shape.scalar());
  }

  /**
   * What runs only if the norm is within the limit: an output of a switch that is dead otherwise,
   * as is all that waits for it. One that is not a number is beyond every limit.
   */
  private static List<Op> taken(Ops tf, Operand<TFloat32> norm, Operand<TFloat32> limit) {
    Operand<TBool> within = tf.math.lessEqual(norm, limit);
    return List.of(tf.identity(tf.switchCond(norm, within).outputTrue()));
  }

  private static Operand<TFloat32> average(
      Ops tf, List<Replica> replicas, Function<Replica, Operand<TFloat32>> value) {
    List<Operand<TFloat32>> values = replicas.stream().map(value).toList();
    return values.size() == 1
        ? values.get(0)
        : tf.math.mul(tf.math.addN(values), tf.constant(1f / values.size()));
  }

  /**
   * The shape {@code [B k, Z]}. Not taken from the posterior: {@code addGradients} would follow it
   * into the random operation, which has no gradient.
   */
  private static Operand<TInt32> latentShape(
      Ops tf, Operand<TUint8> images, ModelSpec spec, Settings settings) {
    Operand<TInt32> batch =
        tf.slice(tf.shape(images), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> rows =
        settings.samples() == 1 ? batch : tf.math.mul(batch, tf.constant(settings.samples()));
    return tf.concat(List.of(rows, tf.constant(new int[] {spec.latent()})), tf.constant(0));
  }

  /**
   * What a step depends on beside the model.
   *
   * @param beta weight of the KL term in a step that is not told another
   * @param clipNorm limit of the gradient's norm
   * @param memory what the decoder keeps for its backward pass
   * @param microBatches in which a device goes through its images
   * @param precision in which the convolutions multiply; what measures and draws stays float32
   * @param adam the optimizer's numbers
   * @param pool the pool, if there is one; for a decoder that settles
   * @param freeBits nats of each latent dimension that cost nothing ({@link
   *     Gaussian#klWithFreeBits}); of one device, since they are an average over its images
   * @param guarded whether {@link TrainingStep#normLimit} counts
   * @param objective the bound that is raised
   * @param samples k, latent vectors of each image
   * @param padded whether images are given as the model sees them, padded already
   * @param averageDecay of the moving average of the weights, below 1; 0 for no average
   * @param compiled whether XLA compiles what a device does in a step, as one program, where it can
   *     ({@link Decoder#compilable})
   */
  public record Settings(
      double beta,
      double clipNorm,
      MemoryPolicy memory,
      MicroBatches microBatches,
      Precision precision,
      Adam.Settings adam,
      PoolSpec pool,
      double freeBits,
      boolean guarded,
      Objective objective,
      int samples,
      boolean padded,
      double averageDecay,
      boolean compiled) {
    public Settings {
      objective.requireFits(samples, pool, freeBits);
    }

    /** Each device takes its images at once, with one latent vector each. */
    public Settings(
        double beta,
        double clipNorm,
        MemoryPolicy memory,
        Precision precision,
        Adam.Settings adam,
        PoolSpec pool) {
      this(
          beta,
          clipNorm,
          memory,
          MicroBatches.WHOLE,
          precision,
          adam,
          pool,
          0,
          false,
          Objective.ELBO,
          1,
          false,
          0,
          false);
    }

    /** The same, divided. */
    public Settings in(MicroBatches division) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          division,
          precision,
          adam,
          pool,
          freeBits,
          guarded,
          objective,
          samples,
          padded,
          averageDecay,
          compiled);
    }

    /** The same with free bits, and guarded or not. */
    public Settings with(double otherFreeBits, boolean guard) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          microBatches,
          precision,
          adam,
          pool,
          otherFreeBits,
          guard,
          objective,
          samples,
          padded,
          averageDecay,
          compiled);
    }

    /** The same, raising a bound by so many latent vectors of each image. */
    public Settings with(Objective bound, int latentVectors) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          microBatches,
          precision,
          adam,
          pool,
          freeBits,
          guarded,
          bound,
          latentVectors,
          padded,
          averageDecay,
          compiled);
    }

    /** The same for images that are padded already, or not. */
    public Settings padded(boolean already) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          microBatches,
          precision,
          adam,
          pool,
          freeBits,
          guarded,
          objective,
          samples,
          already,
          averageDecay,
          compiled);
    }

    /** The same with a moving average of the weights. */
    public Settings averaging(double decay) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          microBatches,
          precision,
          adam,
          pool,
          freeBits,
          guarded,
          objective,
          samples,
          padded,
          decay,
          compiled);
    }

    /** The same, compiled by XLA or not. */
    public Settings compiled(boolean xla) {
      return new Settings(
          beta,
          clipNorm,
          memory,
          microBatches,
          precision,
          adam,
          pool,
          freeBits,
          guarded,
          objective,
          samples,
          padded,
          averageDecay,
          xla);
    }
  }
}
