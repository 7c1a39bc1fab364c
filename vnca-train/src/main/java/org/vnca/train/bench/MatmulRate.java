package org.vnca.train.bench;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Rounding;
import org.vnca.graph.spec.Precision;

/** How fast a device multiplies matrices: what the other rates are compared with. */
public final class MatmulRate {
  private static final int FEW = 2;

  /** So many that they take a tenth of a second, and a call's own time does not count. */
  private static final int MANY = 10;

  private static final int MANY_OF_GPU = 42;
  private static final int TURNS = 3;

  private MatmulRate() {}

  /**
   * Measures: the best of some products of square matrices, as many side by side as a batch is
   * taken in lanes, without the time that a call takes, on one device, times the number of GPUs.
   *
   * @param precision of the matrices; they are rounded before the clock starts
   * @return floating-point operations per second, two for each multiply-add
   */
  public static double measure(Host host, Precision precision) {
    Devices.Choice choice = Devices.choose(host.alone());
    double best = 0;
    for (int side : choice.gpu() ? new int[] {8192} : new int[] {1024, 2048}) {
      best = Math.max(best, measure(choice, host.threads(), side, precision));
    }
    // CPU devices share the cores, GPUs add up.
    return best * Math.max(1, host.devices().stream().filter(DeviceName::gpu).count());
  }

  private static double measure(Devices.Choice choice, int threads, int side, Precision precision) {
    int most = choice.gpu() ? MANY_OF_GPU : MANY;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> matrix =
          tf.random.statelessRandomUniform(
              tf.constant(new int[] {side, side}), tf.constant(new long[] {1, 2}));
      // Rows that add up to about 1, so that no product overflows.
      Operand<TFloat32> factor = tf.math.mul(matrix, tf.constant(2f / side));
      Placeholder<TInt32> times = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      Operand<TNumber> rounded = Loop.typed(Rounding.operand(tf, factor, precision));
      List<Operand<TNumber>> sums = new ArrayList<>();
      for (int lane = 0; lane < choice.lanes(); lane++) {
        Loop loop = new Loop(tf, "products" + lane, times);
        Loop.Variable<TNumber> product =
            loop.variable(Loop.typed(Rounding.operand(tf, matrix, precision)));
        product.next(loop.tf().linalg.matMul(product.now(), rounded));
        loop.end();
        sums.add(tf.reduceSum(product.last(), tf.constant(new int[] {0, 1})));
      }
      Operand<TNumber> sum = tf.math.addN(sums);
      // The session of what was timed may have one thread alone.
      ConfigProto config =
          Devices.config(choice, threads).toBuilder().setUsePerSessionThreads(true).build();
      try (Session session = new Session(graph, config)) {
        seconds(session, times, FEW, sum);
        double few = Double.POSITIVE_INFINITY;
        double many = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < TURNS; turn++) {
          few = Math.min(few, seconds(session, times, FEW, sum));
          many = Math.min(many, seconds(session, times, most, sum));
        }
        // The difference of the two least: one slow run of few would make the rate far too high.
        return 2.0 * side * side * side * (most - FEW) * choice.lanes() / (many - few);
      }
    }
  }

  private static double seconds(
      Session session, Placeholder<TInt32> times, int count, Operand<TNumber> sum) {
    try (TInt32 fed = TInt32.scalarOf(count)) {
      long began = System.nanoTime();
      session.runner().feed(times, fed).fetch(sum).run().close();
      return (System.nanoTime() - began) / 1e9;
    }
  }
}
