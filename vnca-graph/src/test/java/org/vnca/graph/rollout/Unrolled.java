package org.vnca.graph.rollout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.Runs;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Saved;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.UpdateSpec;

/**
 * A rollout and its gradient as one graph of T copies of the step, which keeps what {@link
 * MemoryPolicy#STORE} keeps: what the loops are compared with.
 *
 * @param last states after T steps
 * @param back gradients, of the first states and of the weights
 */
record Unrolled(Operand<TFloat32> last, Layer.Backward back) {

  /** Builds it; the gradient of the last states is the last states, times two. */
  static Unrolled build(Ops tf, Layer net, Weights weights, Operand<TFloat32> z, int steps) {
    Weights prepared = net.prepared(tf, weights);
    List<Operand<TFloat32>> states = new ArrayList<>(List.of(z));
    List<Saved> saved = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      Layer.Forward forward = net.forward(tf, states.get(t), prepared);
      saved.add(forward.saved());
      states.add(tf.math.add(states.get(t), forward.float32(tf)));
    }
    Operand<TFloat32> dz = tf.math.mul(states.get(steps), tf.constant(2f));
    Gradients sums = Gradients.NONE;
    for (int t = steps - 1; t >= 0; t--) {
      Layer.Backward back = net.backward(tf, saved.get(t), prepared, dz);
      dz = tf.math.add(dz, back.dx());
      sums = sums.plus(tf, back.dWeights());
    }
    return new Unrolled(states.get(steps), new Layer.Backward(dz, sums));
  }

  /**
   * Times one of both, forwards and backwards, with tiles where they gain: {@code store|unrolled
   * residual|simple BATCH SIDE CHANNELS T}. Prints seconds, median of five, and the process's
   * largest resident set.
   */
  public static void main(String[] args) throws Exception {
    boolean simple = args[1].equals("simple");
    int[] sizes = Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray();
    int channels = sizes[2];
    int steps = sizes[3];
    UpdateSpec spec =
        simple ? new UpdateSpec.Simple(channels) : UpdateSpec.Residual.of(channels, 4);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Layer net = Rule.of(spec, "net", channels).net().onGrid(sizes[1]);
      Weights weights = Weights.of(parameters.add(net.parameters()));
      Operand<TInt32> shape = tf.constant(new int[] {sizes[0], sizes[1], sizes[1], channels});
      Operand<TFloat32> z = tf.random.statelessRandomUniform(shape, tf.constant(new long[] {1, 2}));
      Layer.Backward back;
      if (args[0].equals("unrolled")) {
        back = build(tf, net, weights, z, steps).back();
      } else {
        Rollout rollout = new Rollout(net, weights, Apply.SUM);
        Rollout.History history = rollout.forward(tf, z, tf.constant(steps), MemoryPolicy.STORE);
        back =
            rollout.backward(
                tf,
                history,
                tf.math.mul(history.last(), tf.constant(2f)),
                rollout.zeroGradients(tf));
      }
      List<Op> all = new ArrayList<>(back.dWeights().operands());
      all.add(back.dx());
      Op done = tf.withControlDependencies(all).noOp();
      ConfigProto config =
          ConfigProto.newBuilder()
              .setGraphOptions(
                  GraphOptions.newBuilder()
                      .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
              .build();
      try (Session session = new Session(graph, config)) {
        Runs.run(session, Map.of(), parameters.initialize());
        double[] seconds = new double[6];
        for (int i = 0; i < seconds.length; i++) {
          long began = System.nanoTime();
          Runs.run(session, Map.of(), done);
          seconds[i] = (System.nanoTime() - began) / 1e9;
        }
        double[] sorted = Arrays.copyOfRange(seconds, 1, seconds.length);
        Arrays.sort(sorted);
        String peak =
            Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElse("");
        System.out.printf(
            "%s: first %.2f s, then %.3f s (%.3f to %.3f), %s%n",
            String.join(" ", args), seconds[0], sorted[2], sorted[0], sorted[4], peak);
      }
    }
  }
}
