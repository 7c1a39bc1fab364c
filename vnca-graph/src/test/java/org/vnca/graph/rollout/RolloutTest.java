package org.vnca.graph.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Tiled;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.UpdateSpec;

class RolloutTest {

  private static final String FILE = "05_nca";

  static List<Arguments> cases() {
    return byPolicy(Golden.cases(FILE, "inputs/z0", "grads"));
  }

  /** Those whose grid can be cut into tiles: square, of a side that is a multiple of 4. */
  static List<Arguments> tiled() {
    try (Golden golden = new Golden(FILE)) {
      List<String> names =
          Golden.cases(FILE, "inputs/z0", "grads").stream()
              .filter(
                  name -> {
                    int[] shape = golden.get(name + "/inputs/z0").shape();
                    return shape[2] == shape[3] && shape[2] % 4 == 0;
                  })
              .toList();
      assertThat(names).isNotEmpty();
      return byPolicy(names);
    }
  }

  private static List<Arguments> byPolicy(List<String> names) {
    return names.stream()
        .flatMap(
            name -> Arrays.stream(MemoryPolicy.values()).map(policy -> Arguments.of(name, policy)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rollout_ofGoldenWeights_hasGoldenStatesAndGradients(String name, MemoryPolicy policy) {
    requireGolden(name, policy, UnaryOperator.identity());
  }

  /** The kernel's transform is a weight of the loop then, and its gradient is transformed back. */
  @ParameterizedTest
  @MethodSource("tiled")
  void rollout_byTiles_hasGoldenStatesAndGradients(String name, MemoryPolicy policy) {
    try (Golden golden = new Golden(FILE)) {
      int side = golden.get(name + "/inputs/z0").shape()[2];
      requireGolden(name, policy, net -> net.mapped(c -> Tiled.on(side, c)));
    }
  }

  private static void requireGolden(String name, MemoryPolicy policy, UnaryOperator<Layer> change) {
    try (Golden golden = new Golden(FILE);
        Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Values z0 = golden.get(name + "/inputs/z0").nhwc();
      Values cotangent = golden.get(name + "/inputs/cotangent").nhwc();
      Case built = build(tf, golden, name, z0, cotangent, policy, change);
      try (Session session = new Session(graph)) {
        Runs.run(session, Map.of(), built.parameters.initialize());
        Runs.assign(session, tf, built.values(golden, name));
        for (int steps : golden.numbers(name + "/expected", "z_T")) {
          try (TInt32 fed = TInt32.scalarOf(steps)) {
            List<float[]> got = Runs.fetch(session, Map.of(built.steps, fed), built.fetches());
            Values expected = golden.get(name + "/expected/z_T" + steps).nhwc();
            assertThat(expected.deviation(got.get(0))).as("z after " + steps).isLessThan(1e-5);
            assertThat(expected.deviation(got.get(1))).as("without history").isLessThan(1e-5);
            String grads = name + "/grads/T" + steps + "/";
            assertThat(golden.get(grads + "z0").nhwc().deviation(got.get(2)))
                .as("dz0, T = " + steps)
                .isLessThan(1e-4);
            for (int i = 0; i < built.list.size(); i++) {
              String weight = golden(built.list.get(i).name());
              assertThat(golden.get(grads + weight).weight().deviation(got.get(3 + i)))
                  .as(weight + ", T = " + steps)
                  .isLessThan(1e-4);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"STORE", "RECOMPUTE"})
  void backward_ofRollout_equalsFiniteDifferences(MemoryPolicy policy) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Small small = Small.build(tf, policy);
      List<Parameter> list = small.list;
      Operand<TFloat32> z0 = small.z0;
      Layer.Backward back = small.back;
      Operand<TFloat32> loss = tf.reduceSum(tf.math.square(small.last), axes(tf));
      try (Session session = new Session(graph)) {
        Map<Parameter, Values> weights = small.assign(session, tf);
        Values z = random(Shape.of(1, 3, 5, 4), 8);
        float[] gradient = at(session, z0, z, back.dx());
        for (int i = 0; i < z.data().length; i += 7) {
          assertThat((double) gradient[i])
              .as("dz[" + i + "]")
              .isCloseTo(slope(session, z0, z, i, loss), within(gradient));
        }
        float[] dOut = at(session, z0, z, back.dWeights().of(list).get(10));
        Parameter out = list.get(10);
        for (int i = 0; i < 5; i++) {
          double h = 1e-2;
          weights.put(out, moved(random(out.shape(), out.name().hashCode()), i, h));
          Runs.assign(session, tf, weights);
          double up = at(session, z0, z, loss)[0];
          weights.put(out, moved(random(out.shape(), out.name().hashCode()), i, -h));
          Runs.assign(session, tf, weights);
          double down = at(session, z0, z, loss)[0];
          assertThat((double) dOut[i])
              .as("dOut[" + i + "]")
              .isCloseTo((up - down) / (2 * h), within(dOut));
        }
      }
    }
  }

  /** The loops compute what a graph of T copies of the step computes. */
  @ParameterizedTest
  @CsvSource({"STORE", "RECOMPUTE"})
  void rollout_inLoops_isThatOfAnUnrolledGraph(MemoryPolicy policy) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Small small = Small.build(tf, policy);
      Operand<TFloat32> z0 = small.z0;
      Unrolled unrolled = Unrolled.build(tf, small.net, Weights.of(small.list), z0, Small.STEPS);
      try (Session session = new Session(graph)) {
        small.assign(session, tf);
        Values z = random(Shape.of(2, 3, 5, 4), 8);
        assertClose(at(session, z0, z, small.last), at(session, z0, z, unrolled.last()));
        assertClose(at(session, z0, z, small.back.dx()), at(session, z0, z, unrolled.back().dx()));
        for (int i = 0; i < small.list.size(); i++) {
          assertClose(
              at(session, z0, z, small.back.dWeights().of(small.list).get(i)),
              at(session, z0, z, unrolled.back().dWeights().of(small.list).get(i)));
        }
      }
    }
  }

  /** Tiles are cut from a padded grid: z's forwards, the update's gradient's backwards. */
  @ParameterizedTest
  @CsvSource({"STORE, 2", "RECOMPUTE, 3"})
  void tilesOfTheStates_areKept_notMadeAgain(MemoryPolicy policy, int cut) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Layer net = Rule.of(new UpdateSpec.Simple(4), "net", 4).net().mapped(c -> Tiled.on(8, c));
      Weights weights = Weights.of(parameters.add(net.parameters()));
      Rollout rollout = new Rollout(net, weights, Apply.SUM);
      Operand<TFloat32> z = tf.zeros(tf.constant(new int[] {2, 8, 8, 4}), TFloat32.class);
      Rollout.History history = rollout.forward(tf, z, tf.constant(3), policy);
      rollout.backward(tf, history, history.last(), rollout.zeroGradients(tf));
      List<GraphOperation> operations = new ArrayList<>();
      graph.operations().forEachRemaining(operations::add);
      assertThat(operations.stream().filter(o -> o.type().equals("PadV2"))).hasSize(cut);
      if (policy == MemoryPolicy.STORE) {
        assertThatThrownBy(() -> history.all(tf))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the states of the steps were not kept");
      }
    }
  }

  private static void assertClose(float[] got, float[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      double rounding = within(expected).value / 500;
      assertThat((double) got[i]).isCloseTo(expected[i], Offset.offset(rounding));
    }
  }

  @Test
  void rollout_ofZeroInitialisedNet_isIdentity() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Layer net = Rule.of(UpdateSpec.Residual.of(8, 4), "net", 6).net();
      Rollout rollout = new Rollout(net, Weights.of(parameters.add(net.parameters())), Apply.SUM);
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      Operand<TFloat32> last = rollout.run(tf, z0, tf.constant(9));
      try (Session session = new Session(graph)) {
        Runs.run(session, Map.of(), parameters.initialize());
        Values z = random(Shape.of(2, 4, 4, 6), 1);
        assertThat(at(session, z0, z, last)).isEqualTo(z.floats());
      }
    }
  }

  @Test
  void rollout_ofNoSteps_returnsTheSeedAndItsGradient() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Layer net = Rule.of(new UpdateSpec.Simple(3), "net", 2).net();
      Rollout rollout = new Rollout(net, Weights.of(parameters.add(net.parameters())), Apply.SUM);
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      Rollout.History history = rollout.forward(tf, z0, tf.constant(0), MemoryPolicy.STORE);
      Operand<TFloat32> dz =
          rollout.backward(tf, history, history.last(), rollout.zeroGradients(tf)).dx();
      try (Session session = new Session(graph)) {
        Runs.run(session, Map.of(), parameters.initialize());
        Values z = random(Shape.of(1, 2, 2, 2), 5);
        assertThat(at(session, z0, z, dz)).isEqualTo(z.floats());
      }
    }
  }

  private static Case build(
      Ops tf,
      Golden golden,
      String name,
      Values z0,
      Values cotangent,
      MemoryPolicy policy,
      UnaryOperator<Layer> change) {
    int channels = z0.shape()[3];
    Parameters parameters = new Parameters(tf, 1);
    Layer net = Rule.of(golden.update(name), "nca", channels).net();
    List<Parameter> list = parameters.add(net.parameters());
    Apply cells =
        golden.has(name, "inputs/masks")
            ? Apply.masked(
                new GivenMasks(
                    constant(tf, golden.get(name + "/inputs/masks").permute(0, 1, 3, 4, 2))))
            : Apply.SUM;
    Rollout rollout = new Rollout(change.apply(net), Weights.of(list), cells);
    Operand<TInt32> steps = tf.placeholder(TInt32.class);
    Operand<TFloat32> seed = constant(tf, z0);
    Rollout.History history = rollout.forward(tf, seed, steps, policy);
    Layer.Backward back =
        rollout.backward(tf, history, constant(tf, cotangent), rollout.zeroGradients(tf));
    return new Case(parameters, list, steps, history.last(), rollout.run(tf, seed, steps), back);
  }

  private static String golden(String parameter) {
    return parameter.replace('/', '.');
  }

  private static Operand<TFloat32> constant(Ops tf, Values values) {
    try (TFloat32 tensor = values.tensor()) {
      return tf.constantOf(tensor);
    }
  }

  private static Operand<TInt32> axes(Ops tf) {
    return tf.constant(new int[] {0, 1, 2, 3});
  }

  private static Values random(Shape shape, long seed) {
    java.util.Random random = new java.util.Random(seed);
    double[] data =
        IntStream.range(0, (int) shape.size())
            .mapToDouble(i -> 0.4 * random.nextGaussian())
            .toArray();
    int[] sides = Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray();
    return new Values("random", sides, data);
  }

  private static Values moved(Values values, int at, double by) {
    double[] data = values.data().clone();
    data[at] += by;
    return new Values(values.name(), values.shape(), data);
  }

  private static float[] at(
      Session session, Operand<TFloat32> z0, Values z, Operand<TFloat32> wanted) {
    try (TFloat32 fed = z.tensor()) {
      return Runs.fetch(session, Map.of(z0, fed), List.of(wanted)).get(0);
    }
  }

  private static double slope(
      Session session, Operand<TFloat32> z0, Values z, int i, Operand<TFloat32> loss) {
    double h = 1e-2;
    double up = at(session, z0, moved(z, i, h), loss)[0];
    double down = at(session, z0, moved(z, i, -h), loss)[0];
    return (up - down) / (2 * h);
  }

  /** Half a percent of the gradient's largest entry: float32 losses, central differences. */
  private static Offset<Double> within(float[] gradient) {
    double most = 0;
    for (float value : gradient) {
      most = Math.max(most, Math.abs(value));
    }
    return Offset.offset(5e-3 * most);
  }

  /**
   * A rollout of a small net, and its gradient where that of the last states is twice themselves.
   */
  private record Small(
      Layer net,
      Parameters parameters,
      List<Parameter> list,
      Operand<TFloat32> z0,
      Operand<TFloat32> last,
      Layer.Backward back) {
    static final int STEPS = 4;

    static Small build(Ops tf, MemoryPolicy policy) {
      Parameters parameters = new Parameters(tf, 3);
      Layer net = Rule.of(UpdateSpec.Residual.of(5, 2), "net", 4).net();
      List<Parameter> list = parameters.add(net.parameters());
      Rollout rollout = new Rollout(net, Weights.of(list), Apply.SUM);
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      Rollout.History history = rollout.forward(tf, z0, tf.constant(STEPS), policy);
      Operand<TFloat32> dLast = tf.math.mul(history.last(), tf.constant(2f));
      Layer.Backward back = rollout.backward(tf, history, dLast, rollout.zeroGradients(tf));
      return new Small(net, parameters, list, z0, history.last(), back);
    }

    /** Gives the weights random values, which it returns. */
    Map<Parameter, Values> assign(Session session, Ops tf) {
      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      list.forEach(p -> weights.put(p, random(p.shape(), p.name().hashCode())));
      Runs.assign(session, tf, weights);
      return weights;
    }
  }

  private record Case(
      Parameters parameters,
      List<Parameter> list,
      Operand<TInt32> steps,
      Operand<TFloat32> last,
      Operand<TFloat32> withoutHistory,
      Layer.Backward back) {
    List<Operand<TFloat32>> fetches() {
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(last, withoutHistory, back.dx()));
      fetches.addAll(back.dWeights().of(list));
      return fetches;
    }

    Map<Parameter, Values> values(Golden golden, String name) {
      Map<Parameter, Values> values = new LinkedHashMap<>();
      list.forEach(p -> values.put(p, golden.get(name + "/weights/" + golden(p.name())).weight()));
      return values;
    }
  }

  /** Masks that are given, {@code [T, B, H, W, 1]}. */
  private record GivenMasks(Operand<TFloat32> masks) implements CellMask {
    @Override
    public Operand<TFloat32> mask(Ops tf, Cells cells) {
      return tf.gather(masks, cells.t(), tf.constant(0));
    }
  }
}
