package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Placement;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.PoolOrder;
import org.vnca.graph.training.PoolOrders;
import org.vnca.graph.training.PoolPorts;
import org.vnca.graph.training.StepRates;
import org.vnca.graph.training.TrainingStep;

/**
 * Runs training steps, and keeps the order of the pool between them if there is one. Belongs to a
 * {@link VncaSession}, and ends with it.
 */
public final class Training {
  /** How many numbers a step gives before those of the pool; the bound comes behind them. */
  private static final int NUMBERS = 4;

  private final OpenModel open;
  private final TrainingStep built;
  private final int devices;
  private final boolean guarded;
  private final boolean padded;

  /** Of how many equal parts a batch must be. */
  private final int divisor;

  private Optional<PoolOrders> pool;

  /**
   * Builds the step.
   *
   * @param wanted what a step depends on, for the whole batch
   * @param choice among which devices it is divided
   * @throws InvalidSetting if they cannot share the pool equally
   */
  Training(OpenModel open, TrainingStep.Settings wanted, Devices.Choice choice) {
    Placement placement = choice.placement();
    TrainingStep.Settings each = each(wanted, choice);
    this.open = open;
    this.devices = placement.parts();
    this.guarded = wanted.guarded();
    this.padded = wanted.padded();
    this.divisor = devices * each.microBatches().count(devices);
    this.pool =
        Optional.of(wanted.pool())
            .filter(PoolSpec::present)
            .map(spec -> PoolOrders.empty(spec, devices));
    this.built = open.build(model -> TrainingStep.build(model, each, placement));
  }

  /** What each device does: a GPU does best with all its images at once, unless told otherwise. */
  static TrainingStep.Settings each(TrainingStep.Settings wanted, Devices.Choice choice) {
    boolean told = wanted.microBatches().fixed() > 0;
    return choice.anyGpu() && !told
        ? wanted.in(MicroBatches.WHOLE)
        : wanted.in(wanted.microBatches().with(choice.lanes()));
  }

  /**
   * One step at the rates that the session was opened with.
   *
   * @param images {@code [B, h, w, channels]}, the whole array
   * @param number counts from 0
   * @throws InvalidSetting if the devices cannot share the batch equally
   */
  public StepValues step(byte[] images, long number) {
    try (Fed fed = feed(images, number);
        Result result = open.run("a step", fed.runner)) {
      return values(result, fed.taken(result));
    }
  }

  /**
   * One step at rates of its own.
   *
   * @param images {@code [B, h, w, channels]}, the whole array
   * @param number counts from 0
   * @param rates learning rate, weight of the KL term, and the guard's limit
   * @return the values of the step, also if the guard found that it must not be taken ({@link
   *     StepRates#skips})
   * @throws InvalidSetting if the devices cannot share the batch equally
   */
  public StepValues step(byte[] images, long number, StepRates rates) {
    try (Fed fed = feed(images, number)) {
      fed.runner
          .feed(built.rate(), fed.add(TFloat32.scalarOf(rates.learningRate())))
          .feed(built.beta(), fed.add(TFloat32.scalarOf(rates.beta())))
          .feed(built.normLimit(), fed.add(TFloat32.scalarOf(rates.normLimit())));
      try (Result result = open.run("a step", fed.runner)) {
        StepValues values = values(result, 0);
        return guarded && rates.skips(values.gradientNorm())
            ? values
            : values(result, fed.taken(result));
      }
    }
  }

  private StepValues values(Result result, int dropped) {
    return new StepValues(
        Tensors.scalar(result, 0),
        Tensors.scalar(result, 1),
        Tensors.scalar(result, 2),
        Tensors.scalar(result, 3),
        dropped,
        built.iwaeBound().isPresent()
            ? OptionalDouble.of(Tensors.scalar(result, NUMBERS + built.dropped().size()))
            : OptionalDouble.empty());
  }

  /**
   * As {@link #step(byte[], long)}, with TensorFlow's statistics of the step in place of its
   * values.
   */
  public StepTrace trace(byte[] images, long number) {
    try (Fed fed = feed(images, number)) {
      return StepTrace.of(fed.runner, fed::taken);
    }
  }

  /**
   * Does something with the moving averages of the weights in their place, if there are averages:
   * measuring and drawing with the session. No step may be taken meanwhile, and nothing saved.
   */
  public <T> T averaged(Supplier<T> work) {
    exchange();
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error e) {
      try {
        exchange();
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    exchange();
    return result;
  }

  private void exchange() {
    built
        .exchange()
        .ifPresent(op -> open.run("exchanging the weights", open.runner().addTarget(op)).close());
  }

  /** Whether there is a pool. */
  boolean pooled() {
    return pool.isPresent();
  }

  /** The slots that hold the pool's entries, in the pool's order; empty without a pool. */
  public int[] poolEntries() {
    return pool.map(PoolOrders::entries).orElse(new int[0]);
  }

  /** Takes the order that belongs to the values that the pool's variables were given. */
  void poolHolds(int[] entries) {
    pool = pool.map(order -> order.with(entries));
  }

  /** All that a step reads, ready to be run. */
  Fed feed(byte[] images, long number) {
    Fed fed = new Fed();
    try {
      TUint8 batch = fed.add(padded ? open.paddedImages(images) : open.images(images));
      int count = Math.toIntExact(batch.shape().get(0));
      requireDivisible(count);
      fed.runner
          .feed(built.images(), batch)
          .feed(built.step(), fed.add(TInt64.scalarOf(number)))
          .fetch(built.loss())
          .fetch(built.reconstruction())
          .fetch(built.kl())
          .fetch(built.gradientNorm())
          .addTarget(built.update());
      built.dropped().forEach(fed.runner::fetch);
      built.iwaeBound().ifPresent(fed.runner::fetch);
      pool.ifPresent(order -> fed.add(order.exchanges(count, open.model().seed(), number)));
      return fed;
    } catch (RuntimeException e) {
      fed.close();
      throw e;
    }
  }

  private void requireDivisible(int count) {
    InvalidSetting.requireDivisible("batch", count, devices);
    if (count % divisor != 0) {
      throw new InvalidSetting(
          "batch",
          "must be a multiple of " + divisor + ", of so many parts as it is computed in",
          count,
          List.of());
    }
  }

  /** What one step is fed. */
  final class Fed implements AutoCloseable {
    final Session.Runner runner = open.runner();
    private final List<TType> tensors = new ArrayList<>();
    private List<PoolOrder.Exchange> exchanges = List.of();

    <T extends TType> T add(T tensor) {
      tensors.add(tensor);
      return tensor;
    }

    void add(List<PoolOrder.Exchange> all) {
      exchanges = all;
      for (int i = 0; i < all.size(); i++) {
        PoolPorts ports = built.pools().get(i);
        PoolOrder.Exchange exchange = all.get(i);
        runner
            .feed(ports.read(), add(TInt32.vectorOf(exchange.read())))
            .feed(ports.rows(), add(TInt32.vectorOf(exchange.rows())))
            .feed(ports.slots(), add(TInt32.vectorOf(exchange.slots())));
      }
    }

    /**
     * The pool's order changes only once its variables have changed.
     *
     * @param result of the run
     * @return how many entries were not put back
     */
    int taken(Result result) {
      List<PoolOrder> after = new ArrayList<>();
      int dropped = 0;
      for (int i = 0; i < exchanges.size(); i++) {
        PoolOrder.Exchange exchange = exchanges.get(i);
        if (built.dropped().isEmpty()) {
          after.add(exchange.after());
        } else {
          int[] flags = Tensors.ints(result, NUMBERS + i);
          after.add(exchange.afterAllBut(flags));
          dropped += exchange.dropped(flags);
        }
      }
      pool = pool.map(order -> order.after(after));
      return dropped;
    }

    @Override
    public void close() {
      tensors.forEach(TType::close);
    }
  }

  /**
   * What a training step computed, in nats per image, averaged over the batch, before the update.
   *
   * @param loss reconstruction + beta KL, or minus the importance-weighted bound
   * @param reconstruction -log p(x|z), averaged over the samples of an image
   * @param kl KL(q(z|x) || p(z))
   * @param gradientNorm of all gradients together, before clipping
   * @param dropped how many entries were not put back into the pool
   * @param iwaeBound the importance-weighted bound of the samples, beta aside, if there are several
   *     of each image
   */
  public record StepValues(
      float loss,
      float reconstruction,
      float kl,
      float gradientNorm,
      int dropped,
      OptionalDouble iwaeBound) {
    /** Whether loss and gradients are finite numbers. */
    public boolean finite() {
      return Float.isFinite(loss) && Float.isFinite(gradientNorm);
    }
  }
}
