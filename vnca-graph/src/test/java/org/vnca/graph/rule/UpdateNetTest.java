package org.vnca.graph.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.rollout.Rollout;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** The variations of the update rule that the paper reports (A.8), and fixed perception. */
class UpdateNetTest {
  private static final int CHANNELS = 4;
  private static final int STEPS = 3;

  /** Every rule of the project with its settings. */
  private static final List<UpdateSpec> SPECS =
      List.of(
          new UpdateSpec.Residual(5, 2, 3, false, 0),
          new UpdateSpec.Residual(5, 1, 1, true, 0),
          new UpdateSpec.Residual(5, 1, 1, false, 2),
          new UpdateSpec.Residual(5, 2, 3, true, 1),
          new UpdateSpec.Simple(5),
          new UpdateSpec.Gru(5),
          new UpdateSpec.FixedPerception(5));

  static Stream<Arguments> variations() {
    return SPECS.stream()
        .flatMap(
            spec -> Arrays.stream(MemoryPolicy.values()).map(policy -> Arguments.of(spec, policy)));
  }

  @Test
  void everyRule_isAmongTheVariations() {
    Set<Class<?>> here = new HashSet<>();
    SPECS.forEach(spec -> here.add(spec.getClass()));
    Set<Class<?>> all = new HashSet<>();
    UpdateRules.all().defaults().values().forEach(settings -> all.add(settings.getClass()));
    assertThat(here).isEqualTo(all);
  }

  @ParameterizedTest
  @MethodSource("variations")
  void rollout_hasTheStatesAndGradientsOfAnUnrolledGraph(UpdateSpec spec, MemoryPolicy policy) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      Layer net = Rule.of(spec, "net", CHANNELS).net();
      List<Parameter> list = parameters.add(net.parameters());
      List<Operand<TFloat32>> weights = new ArrayList<>();
      list.forEach(parameter -> weights.add(parameter.value()));
      Operand<TFloat32> z0 = constant(tf, random(8, Shape.of(2, 3, 5, CHANNELS)));
      Operand<TFloat32> cotangent = constant(tf, random(9, Shape.of(2, 3, 5, CHANNELS)));

      Operand<TFloat32> z = z0;
      for (int step = 0; step < STEPS; step++) {
        z = tf.math.add(z, net.forward(tf, z, Weights.of(list)).float32(tf));
      }
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(z));
      fetches.addAll(gradients(graph, tf, tf.math.mul(z, cotangent), z0, weights));

      Rollout rollout = new Rollout(net, Weights.of(list), Apply.SUM);
      Rollout.History history = rollout.forward(tf, z0, tf.constant(STEPS), policy);
      Layer.Backward back = rollout.backward(tf, history, cotangent, rollout.zeroGradients(tf));
      fetches.add(history.last());
      fetches.add(back.dx());
      fetches.addAll(back.dWeights().of(list));

      Runs.run(session, Map.of(), parameters.initialize());
      Runs.assign(session, tf, randomWeights(list));
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);
      int half = got.size() / 2;
      for (int i = 0; i < half; i++) {
        String what = i == 0 ? "states" : i == 1 ? "dz" : list.get(i - 2).name();
        double off = values(got.get(i)).deviation(got.get(half + i));
        // A gate's gradient is one sum of both signs: the golden vectors' limit for gradients.
        assertThat(off).as(what).isLessThan(i == 0 ? 1e-5 : 1e-4);
      }
    }
  }

  @Test
  void constantChannels_areNeverChanged() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      Layer net = Rule.of(new UpdateSpec.Residual(5, 1, 1, false, 2), "net", CHANNELS).net();
      List<Parameter> list = parameters.add(net.parameters());
      Values z0 = random(8, Shape.of(1, 3, 3, CHANNELS));
      Operand<TFloat32> last =
          new Rollout(net, Weights.of(list), Apply.SUM).run(tf, constant(tf, z0), tf.constant(5));
      Runs.run(session, Map.of(), parameters.initialize());
      Runs.assign(session, tf, randomWeights(list));
      float[] got = Runs.fetch(session, Map.of(), List.of(last)).get(0);
      for (int i = 0; i < got.length; i++) {
        if (i % CHANNELS < 2) {
          assertThat(got[i]).isNotEqualTo(z0.floats()[i]);
        } else {
          assertThat(got[i]).isEqualTo(z0.floats()[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  void netPerScale_withEqualNets_isTheSharedNet(MemoryPolicy policy) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 3);
      UpdateSpec update = UpdateSpec.Residual.of(5, 1);
      Decoder shared =
          Decoder.of(DecoderSpec.Doubling.of(2, 2, update), CHANNELS, 8, 1, parameters);
      Parameters own = new Parameters(tf.withSubScope("own"), 3);
      Decoder perScale =
          Decoder.of(new DecoderSpec.Doubling(2, 2, update, true), CHANNELS, 8, 1, own);
      int nets = 3;
      int each = shared.parameters().size();
      assertThat(perScale.parameters()).hasSize(nets * each);
      assertThat(perScale.parameters().get(each).name())
          .isEqualTo("decoder/scale1/perceive/weight");

      Operand<TFloat32> z = constant(tf, random(4, Shape.of(2, CHANNELS)));
      List<Operand<TFloat32>> fetches = new ArrayList<>();
      for (Decoder decoder : List.of(shared, perScale)) {
        Decoder.Trace trace = decoder.trace(tf, z, policy);
        Layer.Backward back = trace.backward(tf, trace.last());
        fetches.addAll(List.of(trace.last(), decoder.decode(tf, z), back.dx()));
        fetches.addAll(back.dWeights().of(decoder.parameters()));
      }
      Runs.run(session, Map.of(), parameters.initialize());
      Runs.run(session, Map.of(), own.initialize());
      Map<Parameter, Values> values = randomWeights(shared.parameters());
      List<Values> inOrder = new ArrayList<>(values.values());
      for (int i = 0; i < nets * each; i++) {
        values.put(perScale.parameters().get(i), inOrder.get(i % each));
      }
      Runs.assign(session, tf, values);
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);
      List<float[]> ofShared = got.subList(0, 3 + each);
      List<float[]> ofOwn = got.subList(3 + each, got.size());
      for (int i = 0; i < 3; i++) {
        assertThat(ofOwn.get(i)).isEqualTo(ofShared.get(i));
      }
      for (int i = 0; i < each; i++) {
        float[] sum = new float[ofShared.get(3 + i).length];
        for (int k = 0; k < nets; k++) {
          for (int n = 0; n < sum.length; n++) {
            sum[n] += ofOwn.get(3 + k * each + i)[n];
          }
        }
        assertThat(values(ofShared.get(3 + i)).deviation(sum)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void latentTooSmallForTheConstantChannels_isRefused() {
    ModelSpec paper = ModelSpec.PAPER;
    ModelSpec model =
        new ModelSpec(
            8,
            paper.posterior(),
            paper.encoder(),
            DecoderSpec.Doubling.of(3, 1, new UpdateSpec.Residual(4, 1, 1, false, 8)),
            paper.likelihood());
    InputSpec input = new InputSpec(new ImageShape(16, 16, 1), 0, true);
    assertThatThrownBy(() -> new Vnca(model, input, 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage(
            "latent must be at least 9, the channels that the likelihood reads and the 8 that are"
                + " held constant, but is 8");
  }

  @SuppressWarnings("unchecked")
  private static List<Operand<TFloat32>> gradients(
      Graph graph,
      Ops tf,
      Operand<TFloat32> of,
      Operand<TFloat32> z0,
      List<Operand<TFloat32>> weights) {
    List<Output<?>> by = new ArrayList<>(List.of(z0.asOutput()));
    weights.forEach(weight -> by.add(weight.asOutput()));
    Output<?>[] found =
        graph.addGradients(
            tf.reduceSum(of, tf.constant(new int[] {0, 1, 2, 3})).asOutput(),
            by.toArray(Output<?>[]::new));
    return Arrays.stream(found).<Operand<TFloat32>>map(g -> (Output<TFloat32>) g).toList();
  }

  private static Map<Parameter, Values> randomWeights(List<Parameter> list) {
    Map<Parameter, Values> values = new LinkedHashMap<>();
    list.forEach(p -> values.put(p, random(p.name().hashCode(), p.shape())));
    return values;
  }

  private static Values random(long seed, Shape shape) {
    Random random = new Random(seed);
    double[] data = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < data.length; i++) {
      data[i] = 0.2 * random.nextGaussian();
    }
    int[] sides = Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray();
    return new Values("random", sides, data);
  }

  private static Values values(float[] floats) {
    double[] data = new double[floats.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = floats[i];
    }
    return new Values("unrolled", new int[] {data.length}, data);
  }

  private static Operand<TFloat32> constant(Ops tf, Values values) {
    try (TFloat32 tensor = values.tensor()) {
      return tf.constantOf(tensor);
    }
  }
}
