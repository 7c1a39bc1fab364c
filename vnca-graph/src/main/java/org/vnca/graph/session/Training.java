package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Placement;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.PoolOrder;
import org.vnca.graph.training.PoolOrders;
import org.vnca.graph.training.PoolPorts;
import org.vnca.graph.training.TrainingStep;

/** Runs training steps, and keeps the order of the pool between them if there is one. */
final class Training {
  private final OpenModel open;
  private final TrainingStep step;
  private final int devices;

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
    this.divisor = devices * each.microBatches().count(devices);
    this.pool =
        Optional.of(wanted.pool())
            .filter(PoolSpec::present)
            .map(spec -> PoolOrders.empty(spec, devices));
    this.step = open.build(model -> TrainingStep.build(model, each, placement));
  }

  /** What each device does: a GPU does best with all its images at once. */
  static TrainingStep.Settings each(TrainingStep.Settings wanted, Devices.Choice choice) {
    return choice.anyGpu() ? wanted.in(MicroBatches.WHOLE) : wanted;
  }

  /** As {@link VncaSession#train}. */
  VncaSession.StepFigures train(byte[] images, long number) {
    return run(images, number, this::figures);
  }

  /** As {@link VncaSession#trace}. */
  StepTrace trace(byte[] images, long number) {
    return run(images, number, StepTrace::of);
  }

  /** Whether there is a pool. */
  boolean pooled() {
    return pool.isPresent();
  }

  /** The slots that hold the pool's entries, in the pool's order; empty without a pool. */
  int[] poolEntries() {
    return pool.map(PoolOrders::entries).orElse(new int[0]);
  }

  /** Takes the order that belongs to the values that the pool's variables were given. */
  void poolHolds(int[] entries) {
    pool = pool.map(order -> order.with(entries));
  }

  /** One step, of which the caller says what is to come back. */
  <T> T run(byte[] images, long number, Function<Session.Runner, T> run) {
    try (TUint8 batch = open.images(images);
        TInt64 fed = TInt64.scalarOf(number)) {
      int count = Math.toIntExact(batch.shape().get(0));
      InvalidSetting.requireDivisible("batch", count, devices);
      if (count % divisor != 0) {
        throw new InvalidSetting(
            "batch",
            "must be a multiple of " + divisor + ", of so many parts as it is computed in",
            count,
            List.of());
      }
      Session.Runner runner =
          open.runner()
              .feed(step.images(), batch)
              .feed(step.step(), fed)
              .fetch(step.loss())
              .fetch(step.reconstruction())
              .fetch(step.kl())
              .fetch(step.gradientNorm())
              .addTarget(step.update());
      return pool.isEmpty()
          ? run.apply(runner)
          : pooled(runner, pool.get().turns(count, open.model().seed(), number), run);
    }
  }

  /** The pool's order changes only once its variables have changed. */
  private <T> T pooled(
      Session.Runner runner, List<PoolOrder.Turn> turns, Function<Session.Runner, T> run) {
    List<TInt32> fed = new ArrayList<>();
    try {
      for (int i = 0; i < turns.size(); i++) {
        PoolPorts ports = step.pools().get(i);
        PoolOrder.Turn turn = turns.get(i);
        feed(runner, ports.read(), turn.read(), fed);
        feed(runner, ports.rows(), turn.rows(), fed);
        feed(runner, ports.slots(), turn.slots(), fed);
      }
      T result = run.apply(runner);
      pool = pool.map(order -> order.after(turns));
      return result;
    } finally {
      fed.forEach(TInt32::close);
    }
  }

  private static void feed(
      Session.Runner runner, Operand<TInt32> port, int[] values, List<TInt32> fed) {
    TInt32 tensor = TInt32.vectorOf(values);
    fed.add(tensor);
    runner.feed(port, tensor);
  }

  private VncaSession.StepFigures figures(Session.Runner runner) {
    try (Result result = open.run("a step", runner)) {
      return new VncaSession.StepFigures(
          Tensors.scalar(result, 0),
          Tensors.scalar(result, 1),
          Tensors.scalar(result, 2),
          Tensors.scalar(result, 3));
    }
  }
}
