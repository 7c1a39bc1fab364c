package org.vnca.graph.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.decoder.CellularDecoder;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.FixedConvolution;
import org.vnca.graph.nn.ForwardOnly;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.ParameterSpec;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rollout.AliveMask;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.rollout.Rollout;
import org.vnca.graph.rollout.StepDraws;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.UpdateSpec;

/** Rules that are put together from parts: what growing neural cellular automata need. */
class RuleTest {
  private static final int CHANNELS = 4;
  private static final int STEPS = 4;

  /** Sobel perception, 1x1 layers, cells that update at random, noise, cells that die. */
  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  void rolloutOfGrowingRule_hasFiniteDifferencesAsGradients(MemoryPolicy policy) {
    Rule rule =
        new Rule(
            FixedConvolution.sobel(CHANNELS),
            Sequence.of(
                Convolution.same("net/hidden", 1, 3 * CHANNELS, 5).withBias(),
                Activation.ELU,
                Convolution.same("net/out", 1, 5, CHANNELS)),
            0,
            List.of(new AliveMask(CHANNELS, 3, 0.1)));
    assertThat(gradientsChecked(rule, policy)).as("some cells are dead, others alive").contains(0f);
  }

  /** With cells that update at random, noise, and a channel that no step changes. */
  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  void rolloutOfBoundedRule_hasFiniteDifferencesAsGradients(MemoryPolicy policy) {
    Rule rule = Rule.of(new UpdateSpec.Residual(5, 1, 1, true, 1), "net", CHANNELS);
    gradientsChecked(rule.bounded(0.6, CHANNELS), policy);
  }

  @Test
  void boundedRule_endsAtBTanhOfWhatTheRuleEndsAt() {
    double bound = 0.7;
    Rule plain = Rule.of(new UpdateSpec.Residual(5, 1, 1, false, 1), "net", CHANNELS);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      List<Parameter> list = parameters.add(plain.net().parameters());
      assertThat(plain.bounded(bound, CHANNELS).net().parameters())
          .isEqualTo(plain.net().parameters());
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      List<Operand<TFloat32>> fetches =
          List.of(
              new Rollout(plain.net(), Weights.of(list), Apply.SUM).run(tf, z0, tf.constant(1)),
              new Rollout(plain.bounded(bound, CHANNELS).net(), Weights.of(list), Apply.SUM)
                  .run(tf, z0, tf.constant(1)));
      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      list.forEach(p -> weights.put(p, random(p.shape(), p.name().hashCode())));
      Runs.assign(session, tf, weights);
      List<float[]> got = at(session, z0, random(Shape.of(2, 5, 5, CHANNELS), 8), fetches);
      float[] free = got.get(0);
      float[] bounded = got.get(1);
      for (int i = 0; i < free.length; i++) {
        boolean constant = i % CHANNELS == CHANNELS - 1;
        double expected = constant ? free[i] : bound * Math.tanh(free[i] / bound);
        assertThat((double) bounded[i]).isCloseTo(expected, within(1e-6));
      }
      assertThat(most(free)).as("the bound matters").isGreaterThan(bound);
    }
  }

  /**
   * Compares the gradients of a rollout, of its first states and of all weights, with differences
   * of the losses on both sides.
   *
   * @return the last states
   */
  private static float[] gradientsChecked(Rule rule, MemoryPolicy policy) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      List<Parameter> list = parameters.add(rule.net().parameters());
      StepDraws draws = StepDraws.training(7, tf.constant(5L), BatchPart.WHOLE);
      Rollout rollout =
          new Rollout(rule.net(), Weights.of(list), rule.apply(CHANNELS, 0.7, 0.05, draws));
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      Rollout.History history = rollout.forward(tf, z0, tf.constant(STEPS), policy);
      Operand<TFloat32> loss =
          tf.reduceSum(
              tf.reshape(tf.math.square(history.last()), tf.constant(new int[] {-1})),
              tf.constant(0));
      Layer.Backward back =
          rollout.backward(
              tf, history, tf.math.mul(history.last(), tf.constant(2f)), rollout.zeroGradients(tf));
      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      list.forEach(p -> weights.put(p, random(p.shape(), p.name().hashCode())));
      Runs.assign(session, tf, weights);
      Values z = random(Shape.of(2, 5, 5, CHANNELS), 8);
      List<Operand<TFloat32>> fetches =
          new ArrayList<>(List.of(history.last(), rollout.run(tf, z0, tf.constant(STEPS))));
      fetches.add(back.dx());
      fetches.addAll(back.dWeights().of(list));
      List<float[]> got = at(session, z0, z, fetches);
      assertThat(got.get(0)).isEqualTo(got.get(1));
      assertThat(most(got.get(0))).isGreaterThan(0.1);
      float[] dz = got.get(2);
      for (int i = 0; i < dz.length; i += 3) {
        double up = at(session, z0, moved(z, i, 2e-3), List.of(loss)).get(0)[0];
        double down = at(session, z0, moved(z, i, -2e-3), List.of(loss)).get(0)[0];
        assertThat((double) dz[i])
            .as("dz " + i)
            .isCloseTo((up - down) / 4e-3, within(1e-2 * most(dz)));
      }
      for (int p = 0; p < list.size(); p++) {
        Parameter parameter = list.get(p);
        float[] d = got.get(3 + p);
        for (int i = 0; i < d.length; i += 7) {
          Runs.assign(session, tf, Map.of(parameter, moved(weights.get(parameter), i, 2e-3)));
          double up = at(session, z0, z, List.of(loss)).get(0)[0];
          Runs.assign(session, tf, Map.of(parameter, moved(weights.get(parameter), i, -2e-3)));
          double down = at(session, z0, z, List.of(loss)).get(0)[0];
          assertThat((double) d[i])
              .as(parameter.name() + " " + i)
              .isCloseTo((up - down) / 4e-3, within(1e-2 * most(d)));
        }
        Runs.assign(session, tf, weights);
      }
      return got.get(0);
    }
  }

  /** The net whose convolutions TensorFlow differentiates is the net with gradients by hand. */
  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  void forwardOnlyLayer_inARollout_isThatWithItsOwnGradient(MemoryPolicy policy) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      Layer byHand = Rule.of(new UpdateSpec.Simple(5), "net", CHANNELS).net();
      List<Parameter> list = parameters.add(byHand.parameters());
      Operand<TFloat32> z0 = tf.placeholder(TFloat32.class);
      List<Operand<TFloat32>> fetches = new ArrayList<>();
      for (Layer net : List.of(byHand, new Automatic(byHand))) {
        Rollout rollout = new Rollout(net, Weights.of(list), Apply.SUM);
        Rollout.History history = rollout.forward(tf, z0, tf.constant(STEPS), policy);
        Layer.Backward back =
            rollout.backward(tf, history, history.last(), rollout.zeroGradients(tf));
        fetches.addAll(List.of(history.last(), back.dx()));
        fetches.addAll(back.dWeights().of(list));
      }
      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      list.forEach(p -> weights.put(p, random(p.shape(), p.name().hashCode())));
      Runs.assign(session, tf, weights);
      List<float[]> got = at(session, z0, random(Shape.of(2, 5, 5, CHANNELS), 8), fetches);
      int half = got.size() / 2;
      for (int i = 0; i < half; i++) {
        double[] expected = doubles(got.get(i));
        assertThat(
                new Values("", new int[] {expected.length}, expected).deviation(got.get(half + i)))
            .isLessThan(1e-5);
      }
    }
  }

  @Test
  void doublingDecoder_withRandomCellsAndNoise_isTheSameInPiecesAndInEveryBatch() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      UpdateSpec update = new UpdateSpec.Residual(5, 1, 1, false, 1);
      CellularDecoder random =
          (CellularDecoder)
              Decoder.of(
                  new DecoderSpec.Doubling(2, 3, update, false, 0.5, 0.1),
                  CHANNELS,
                  8,
                  1,
                  parameters);
      Operand<TFloat32> two = tf.constant(new float[][] {{1, -1, 2, 3}, {1, -1, 2, 3}});
      Operand<TFloat32> one = tf.constant(new float[][] {{1, -1, 2, 3}});
      Operand<TFloat32> pieces = random.seeds(tf, one);
      for (int k = 0; k < random.stages(); k++) {
        pieces = random.stage(tf, pieces, k);
      }
      Decoder.Draw draw = new Decoder.Draw(1, tf.constant(4L));
      List<Operand<TFloat32>> fetches =
          List.of(
              random.decode(tf, two),
              random.decode(tf, one),
              pieces,
              random.decode(tf, one, List.of(tf.constant(3))),
              random.trace(tf, one, MemoryPolicy.STORE).last(),
              random.train(tf, two, MemoryPolicy.STORE, draw).last());
      Runs.run(session, Map.of(), parameters.initialize());
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);
      float[] alone = got.get(1);
      int n = alone.length;
      assertThat(java.util.Arrays.copyOfRange(got.get(0), 0, n)).isEqualTo(alone);
      assertThat(java.util.Arrays.copyOfRange(got.get(0), n, 2 * n)).isEqualTo(alone);
      assertThat(got.get(2)).isEqualTo(alone);
      assertThat(got.get(3)).isEqualTo(alone);
      assertThat(got.get(4)).isEqualTo(alone);
      float[] trained = got.get(5);
      assertThat(java.util.Arrays.copyOfRange(trained, 0, n))
          .as("in training every image has numbers of its own")
          .isNotEqualTo(java.util.Arrays.copyOfRange(trained, n, 2 * n));
      // The net starts at zero: what is left of a step is the noise, 9 times 0.1.
      double sum = 0;
      for (int i = 0; i < n; i++) {
        if (i % CHANNELS == 3) {
          assertThat(alone[i]).as("constant channel").isEqualTo(3f);
        } else {
          double off = alone[i] - new float[] {1, -1, 2}[i % CHANNELS];
          sum += off * off;
        }
      }
      assertThat(Math.sqrt(sum / (n * 3.0 / 4))).isBetween(0.15, 0.45);
    }
  }

  private static List<float[]> at(
      Session session, Operand<TFloat32> z0, Values z, List<Operand<TFloat32>> wanted) {
    try (TFloat32 fed = z.tensor()) {
      return Runs.fetch(session, Map.of(z0, fed), wanted);
    }
  }

  private static double most(float[] values) {
    double most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static Values random(Shape shape, long seed) {
    Random random = new Random(seed);
    double[] data =
        IntStream.range(0, (int) shape.size())
            .mapToDouble(i -> 0.3 * random.nextGaussian())
            .toArray();
    int[] sides = java.util.Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray();
    return new Values("random", sides, data);
  }

  private static Values moved(Values values, int at, double by) {
    double[] data = values.data().clone();
    data[at] += by;
    return new Values(values.name(), values.shape(), data);
  }

  /** Another layer's forward pass, and nothing of its gradient. */
  private record Automatic(Layer layer) implements ForwardOnly {
    @Override
    public List<ParameterSpec> parameters() {
      return layer.parameters();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Weights weights) {
      return layer.forward(tf, x, weights).float32(tf);
    }

    @Override
    public MapShape output(MapShape input) {
      return layer.output(input);
    }
  }
}
