package org.vnca.graph.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;

/** Each layer's output against a direct composition, its gradients against finite differences. */
class LayerTest {
  private static final int BATCH = 2;
  private static final int SIDE = 4;
  private static final int IN = 3;
  private static final MapShape MAP = MapShape.square(SIDE, IN);
  private static final List<Long> ONE = List.of(1L, 1L, 1L, 1L);

  static Stream<Arguments> layers() {
    Convolution three = Convolution.same("c", 3, IN, 4);
    return Stream.of(
        layer("3x3", three, (tf, x, w) -> tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME")),
        layer(
            "3x3 by tiles",
            three.by(Optional.of(new Winograd(SIDE, IN, 4))),
            (tf, x, w) -> tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME")),
        layer(
            "strided, padded, biased",
            Convolution.of("c", 3, IN, 4, 2, 2).withBias(),
            (tf, x, w) ->
                tf.math.add(
                    tf.nn.conv2d(
                        x,
                        w.value("c/weight"),
                        List.of(1L, 2L, 2L, 1L),
                        "EXPLICIT",
                        Conv2d.explicitPaddings(List.of(0L, 0L, 2L, 2L, 2L, 2L, 0L, 0L))),
                    w.value("c/bias"))),
        layer("relu", Activation.RELU, (tf, x, w) -> tf.nn.relu(x)),
        layer("elu", Activation.ELU, (tf, x, w) -> tf.nn.elu(x)),
        layer("sigmoid", Activation.SIGMOID, (tf, x, w) -> tf.math.sigmoid(x)),
        layer("tanh", Activation.TANH, (tf, x, w) -> tf.math.tanh(x)),
        layer(
            "dense",
            Sequence.of(Reshape.toRows(MAP), new Dense("d", MAP.values(), 5).withBias()),
            (tf, x, w) ->
                tf.math.add(
                    tf.linalg.matMul(
                        tf.reshape(x, tf.constant(new int[] {BATCH, MAP.values()})),
                        w.value("d/weight")),
                    w.value("d/bias"))),
        layer(
            "residual",
            Residual.of(three, Activation.ELU, Convolution.same("e", 1, 4, IN)),
            (tf, x, w) ->
                tf.math.add(
                    x,
                    tf.nn.conv2d(
                        tf.nn.elu(tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME")),
                        w.value("e/weight"),
                        ONE,
                        "SAME"))),
        layer(
            "gate",
            new Gate("g", Activation.TANH),
            (tf, x, w) -> tf.math.mul(tf.math.sigmoid(w.value("g")), tf.math.tanh(x))),
        layer(
            "concatenated",
            Concatenate.of(IN, Activation.TANH, three, new Identity()),
            (tf, x, w) ->
                tf.concat(
                    List.of(tf.math.tanh(x), tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME"), x),
                    tf.constant(3))),
        layer(
            "slice",
            new ChannelSlice(IN, 1, 2),
            (tf, x, w) ->
                tf.slice(
                    x,
                    tf.constant(new int[] {0, 0, 0, 1}),
                    tf.constant(new int[] {-1, -1, -1, 2}))),
        layer(
            "slices of what was joined: one map, a part of it, several, with gaps and twice",
            Sequence.of(
                Concatenate.of(IN, Activation.TANH, three, new Identity()),
                Combination.sum(
                    Combination.product(new ChannelSlice(10, 0, 3), new ChannelSlice(10, 7, 3)),
                    Combination.sum(
                        Sequence.of(new ChannelSlice(10, 3, 4), new ChannelSlice(4, 1, 3)),
                        Combination.difference(
                            Sequence.of(new ChannelSlice(10, 3, 7), new ChannelSlice(7, 4, 3)),
                            new ChannelSlice(10, 2, 3))))),
            (tf, x, w) -> {
              Operand<TFloat32> y = tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME");
              Operand<TFloat32> mixed = tf.concat(List.of(tf.math.tanh(x), y), tf.constant(3));
              return tf.math.add(
                  tf.math.mul(tf.math.tanh(x), x),
                  tf.math.add(
                      channels(tf, mixed, 4, 3), tf.math.sub(x, channels(tf, mixed, 2, 3))));
            }),
        layer(
            "a slice with zeros on both sides of two maps",
            Sequence.of(
                Concatenate.of(IN, Activation.TANH, new Identity()),
                Combination.product(new ChannelSlice(6, 1, 1), new ChannelSlice(6, 4, 1))),
            (tf, x, w) -> tf.math.mul(channels(tf, tf.math.tanh(x), 1, 1), channels(tf, x, 1, 1))),
        layer(
            "zeros",
            new ZeroChannels(IN, 2),
            (tf, x, w) ->
                tf.concat(
                    List.of(
                        x, tf.zeros(tf.constant(new int[] {BATCH, SIDE, SIDE, 2}), TFloat32.class)),
                    tf.constant(3))),
        layer(
            "product",
            Combination.product(Activation.TANH, Convolution.same("c", 3, IN, IN)),
            (tf, x, w) ->
                tf.math.mul(tf.math.tanh(x), tf.nn.conv2d(x, w.value("c/weight"), ONE, "SAME"))),
        layer(
            "difference",
            Combination.difference(Activation.SIGMOID, Activation.TANH),
            (tf, x, w) -> tf.math.sub(tf.math.sigmoid(x), tf.math.tanh(x))),
        layer(
            "sum",
            Combination.sum(Activation.SIGMOID, Activation.TANH),
            (tf, x, w) -> tf.math.add(tf.math.sigmoid(x), tf.math.tanh(x))),
        layer(
            "affine",
            new Affine(2, -1),
            (tf, x, w) -> tf.math.sub(tf.math.add(x, x), tf.constant(1f))),
        layer("forward only", new Swish("s"), (tf, x, w) -> new Swish("s").apply(tf, x, w)));
  }

  private static Operand<TFloat32> channels(Ops tf, Operand<TFloat32> x, int first, int count) {
    return tf.slice(
        x, tf.constant(new int[] {0, 0, 0, first}), tf.constant(new int[] {-1, -1, -1, count}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void layer_isItsDirectComposition_withFiniteDifferencesAsGradients(
      String name, Layer layer, Direct direct) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      List<Parameter> list = parameters.add(layer.parameters());
      Weights values = Weights.of(list);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Weights prepared = layer.prepared(tf, values);
      Layer.Forward forward = layer.forward(tf, x, prepared);
      Operand<TFloat32> y = forward.float32(tf);
      Operand<TFloat32> dy = tf.math.mul(y, tf.constant(2f));
      Layer.Backward back = layer.backward(tf, forward.saved(), prepared, dy);
      List<Operand<TFloat32>> inLoop = inLoop(tf, layer, prepared, x, list);
      Operand<TFloat32> loss =
          tf.reduceSum(tf.reshape(tf.math.square(y), tf.constant(new int[] {-1})), tf.constant(0));

      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      list.forEach(p -> weights.put(p, random(ints(p.shape().asArray()), p.name().hashCode())));
      if (!list.isEmpty()) {
        Runs.assign(session, tf, weights);
      }
      Values at = random(new int[] {BATCH, SIDE, SIDE, IN}, 5);
      List<Operand<TFloat32>> fetches =
          new ArrayList<>(List.of(y, direct.of(tf, x, values), back.dx()));
      fetches.addAll(back.dWeights().of(list));
      fetches.addAll(inLoop);
      List<float[]> got = fetch(session, x, at, fetches);
      MapShape shape = layer.output(MAP);
      assertThat(got.get(0)).hasSize(BATCH * shape.values());
      assertClose(got.get(0), got.get(1), 2e-5);
      int gradients = 1 + list.size();
      assertClose(got.get(2 + gradients), got.get(0), 1e-6);
      for (int i = 0; i < gradients; i++) {
        assertClose(got.get(3 + gradients + i), got.get(2 + i), 1e-5);
      }

      float[] dx = got.get(2);
      for (int i = 0; i < dx.length; i += 5) {
        double up = fetch(session, x, moved(at, i, 1e-2), List.of(loss)).get(0)[0];
        double down = fetch(session, x, moved(at, i, -1e-2), List.of(loss)).get(0)[0];
        assertThat((double) dx[i]).as("dx " + i).isCloseTo((up - down) / 2e-2, near(dx));
      }
      for (int p = 0; p < list.size(); p++) {
        Parameter parameter = list.get(p);
        Values weight = weights.get(parameter);
        float[] d = got.get(3 + p);
        for (int i = 0; i < d.length; i += 1 + d.length / 12) {
          Runs.assign(session, tf, Map.of(parameter, moved(weight, i, 1e-2)));
          double up = fetch(session, x, at, List.of(loss)).get(0)[0];
          Runs.assign(session, tf, Map.of(parameter, moved(weight, i, -1e-2)));
          double down = fetch(session, x, at, List.of(loss)).get(0)[0];
          assertThat((double) d[i])
              .as(parameter.name() + " " + i)
              .isCloseTo((up - down) / 2e-2, near(d));
        }
        Runs.assign(session, tf, Map.of(parameter, weight));
      }
    }
  }

  @Test
  void forwardOnlyLayer_withExplicitPadding_isRefused() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Layer layer = new Padded("p");
      Weights weights = Weights.of(new Parameters(tf, 1).add(layer.parameters()));
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Layer.Forward forward = layer.forward(tf, x, weights);
      assertThatThrownBy(() -> layer.backward(tf, forward.saved(), weights, forward.float32(tf)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Padded has a convolution with explicit padding, whose gradient TensorFlow Java"
                  + " loses; pad its input by tf.pad and let it pad VALID");
    }
  }

  /** The last map of an encoder of 16 x 16 images has one cell. */
  @Test
  void mapOfOneCell_isNoRow() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Reshape rows = Reshape.toRows(MapShape.square(1, 3));
      Operand<TFloat32> map = tf.constant(new float[2][1][1][3]);
      Operand<TFloat32> row = rows.forward(tf, map, Weights.NONE).float32(tf);
      Operand<TFloat32> dx = rows.backward(tf, Saved.NOTHING, Weights.NONE, row).dx();
      assertThat(row.shape().asArray()).containsExactly(2, 3);
      assertThat(dx.shape().asArray()).containsExactly(2, 1, 1, 3);
      assertThat(Runs.fetch(session, Map.of(), List.of(dx)).get(0)).hasSize(6);
    }
  }

  @Test
  void whatTwoLayersNeedAlike_isKeptOnce() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Layer layer =
          Sequence.of(
              Convolution.same("a", 3, IN, 4), Activation.ELU, Convolution.same("b", 1, 4, IN));
      Weights weights = Weights.of(new Parameters(tf, 1).add(layer.parameters()));
      Saved saved = layer.forward(tf, tf.placeholder(TFloat32.class), weights).saved();
      assertThat(saved.operands()).hasSize(2);
      assertThat(saved.form().of(saved.operands()).form()).isEqualTo(saved.form());
    }
  }

  /** A forward and a backward pass in a loop: the output, dx, and the weights'. */
  private static List<Operand<TFloat32>> inLoop(
      Ops tf, Layer layer, Weights prepared, Operand<TFloat32> x, List<Parameter> list) {
    Loop loop = new Loop(tf, "layer", tf.constant(1));
    Ops body = loop.tf();
    // Else it would be computed before the loop.
    Loop.Variable<TFloat32> input = loop.variable(x);
    Layer.Forward forward = layer.forward(body, input.now(), prepared);
    Operand<TFloat32> y = forward.float32(body);
    Layer.Backward back =
        layer.backward(body, forward.saved(), prepared, body.math.mul(y, body.constant(2f)));
    input.next(input.now());
    List<Operand<TFloat32>> inside = new ArrayList<>(List.of(y, back.dx()));
    inside.addAll(back.dWeights().of(list));
    List<Operand<TFloat32>> last = new ArrayList<>();
    for (int i = 0; i < inside.size(); i++) {
      Loop.Variable<TFloat32> value =
          loop.variable(i < 2 ? x : tf.zerosLike(list.get(i - 2).value()));
      value.next(inside.get(i));
      last.add(value.last());
    }
    loop.end();
    return last;
  }

  private static Arguments layer(String name, Layer layer, Direct direct) {
    return Arguments.of(name, layer, direct);
  }

  private static List<float[]> fetch(
      Session session, Operand<TFloat32> x, Values at, List<Operand<TFloat32>> wanted) {
    try (TFloat32 fed = at.tensor()) {
      return Runs.fetch(session, Map.of(x, fed), wanted);
    }
  }

  private static org.assertj.core.data.Offset<Double> near(float[] gradient) {
    double most = 1e-3;
    for (float value : gradient) {
      most = Math.max(most, Math.abs(value));
    }
    return within(5e-3 * most);
  }

  private static void assertClose(float[] got, float[] expected, double share) {
    double[] data = new double[expected.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = expected[i];
    }
    assertThat(new Values("", new int[] {data.length}, data).deviation(got)).isLessThan(share);
  }

  private static int[] ints(long[] sizes) {
    return java.util.Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  private static Values random(int[] shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] data = new double[java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < data.length; i++) {
      // Away from zero, where relu has no derivative.
      double value = 0.1 + 0.6 * random.nextDouble();
      data[i] = random.nextBoolean() ? value : -value;
    }
    return new Values("random", shape, data);
  }

  private static Values moved(Values values, int at, double by) {
    double[] data = values.data().clone();
    data[at] += by;
    return new Values(values.name(), values.shape(), data);
  }

  /** What a layer computes, written with TensorFlow's operations. */
  interface Direct {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, Weights values);
  }

  /** x sigmoid(b x), b for each channel: nothing but a forward pass. */
  private record Swish(String name) implements ForwardOnly {
    @Override
    public List<ParameterSpec> parameters() {
      return List.of(
          new ParameterSpec(name, org.tensorflow.ndarray.Shape.of(IN), new Initial.Uniform(1)));
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Weights weights) {
      return tf.math.mul(x, tf.math.sigmoid(tf.math.mul(x, weights.value(name))));
    }

    @Override
    public MapShape output(MapShape input) {
      return input;
    }
  }

  /** A convolution that TensorFlow Java cannot differentiate. */
  private record Padded(String name) implements ForwardOnly {
    @Override
    public List<ParameterSpec> parameters() {
      return List.of(
          new ParameterSpec(
              name, org.tensorflow.ndarray.Shape.of(3, 3, IN, IN), new Initial.Zero()));
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Weights weights) {
      return tf.nn.conv2d(
          x,
          weights.value(name),
          ONE,
          "EXPLICIT",
          Conv2d.explicitPaddings(List.of(0L, 0L, 1L, 1L, 1L, 1L, 0L, 0L)));
    }

    @Override
    public MapShape output(MapShape input) {
      return input;
    }
  }
}
