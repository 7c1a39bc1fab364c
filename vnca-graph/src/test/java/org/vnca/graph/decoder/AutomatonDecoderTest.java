package org.vnca.graph.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.exchange.StateDict;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** Growth and settling of any cells: gradients by central differences, and where cells begin. */
class AutomatonDecoderTest {
  private static final int LATENT = 3;
  private static final UpdateSpec UPDATE = UpdateSpec.Residual.of(3, 1);
  private static final DecoderSpec.Settle SETTLE = new DecoderSpec.Settle(2, 2, 2);

  static Stream<Arguments> decoders() {
    return Stream.of(
            DecoderSpec.Doubling.of(1, 1, UPDATE).with(SETTLE),
            new DecoderSpec.Doubling(1, 1, UPDATE, true, 0.7, 0).with(SETTLE),
            DecoderSpec.Doubling.of(1, 1, UPDATE).with(5),
            DecoderSpec.Doubling.of(1, 1, UPDATE).with(SETTLE).with(2),
            new DecoderSpec.NonDoubling(DecoderSpec.StepRange.always(2), 1, UPDATE, 0, 4, 0))
        .flatMap(decoder -> Stream.of(MemoryPolicy.values()).map(m -> Arguments.of(decoder, m)));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void backward_equalsFiniteDifferences(DecoderSpec spec, MemoryPolicy policy) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Decoder decoder = Decoder.of(spec, LATENT, 4, 1, parameters);
      Operand<TFloat32> z = tf.placeholder(TFloat32.class);
      Decoder.Trace trace = decoder.train(tf, z, policy, new Decoder.Draw(1, tf.constant(3L)));
      Operand<TFloat32> loss =
          tf.reduceSum(tf.math.square(trace.last()), tf.constant(new int[] {0, 1, 2, 3}));
      Layer.Backward back = trace.backward(tf, tf.math.mul(trace.last(), tf.constant(2f)));
      Map<Parameter, Values> at = new LinkedHashMap<>();
      for (Parameter parameter : decoder.parameters()) {
        at.put(parameter, random(parameter.name(), parameter.shape().asArray()));
      }
      Values latents = random("z", new long[] {2, LATENT});
      Difference difference = new Difference(session, z, latents, loss, new LinkedHashMap<>());
      at.keySet().forEach(parameter -> difference.add(tf, parameter));
      at.forEach(difference::assign);
      difference.requireGradient("z", null, latents, back.dx());
      at.forEach(
          (parameter, values) ->
              difference.requireGradient(
                  parameter.name(), parameter, values, back.dWeights().get(parameter.name())));
    }
  }

  /** The loss where one number is moved, to either side. */
  private record Difference(
      Session session,
      Operand<TFloat32> z,
      Values latents,
      Operand<TFloat32> loss,
      Map<Parameter, Assignment> assignments) {
    private static final double STEP = 1e-2;

    private record Assignment(Operand<TFloat32> fed, Op op) {}

    /** Once for each parameter: a graph that grows between runs is slow. */
    void add(Ops tf, Parameter parameter) {
      Operand<TFloat32> fed = tf.placeholder(TFloat32.class);
      assignments.put(parameter, new Assignment(fed, tf.assignVariableOp(parameter.handle(), fed)));
    }

    void assign(Parameter parameter, Values values) {
      Assignment assignment = assignments.get(parameter);
      try (TFloat32 tensor = values.tensor()) {
        Runs.run(session, Map.of(assignment.fed(), tensor), assignment.op());
      }
    }

    /**
     * Compares some entries of a gradient.
     *
     * @param parameter null for z
     */
    void requireGradient(String name, Parameter parameter, Values at, Operand<TFloat32> gradient) {
      float[] got = fetch(latents, gradient);
      double most = 0;
      for (float value : got) {
        most = Math.max(most, Math.abs(value));
      }
      assertThat(most).as(name).isPositive();
      for (int k = 0; k < got.length; k += 1 + got.length / 5) {
        double difference = moved(parameter, at, k, STEP) - moved(parameter, at, k, -STEP);
        assertThat((double) got[k])
            .as(name + "[" + k + "]")
            .isCloseTo(difference / (2 * STEP), within(1e-2 * most));
      }
      if (parameter != null) {
        assign(parameter, at);
      }
    }

    private double moved(Parameter parameter, Values at, int place, double by) {
      double[] data = at.data().clone();
      data[place] += by;
      Values values = new Values(at.name(), at.shape(), data);
      if (parameter == null) {
        return fetch(values, loss)[0];
      }
      assign(parameter, values);
      return fetch(latents, loss)[0];
    }

    private float[] fetch(Values from, Operand<TFloat32> wanted) {
      try (TFloat32 fed = from.tensor()) {
        return Runs.fetch(session, Map.of(z, fed), List.of(wanted)).get(0);
      }
    }
  }

  @Test
  void everyCell_beginsAsTheLearnedMapOfZ() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Decoder decoder =
          Decoder.of(DecoderSpec.Doubling.of(1, 1, UPDATE).with(2), LATENT, 4, 1, parameters);
      List<Parameter> map = new ArrayList<>(decoder.parameters());
      map.removeIf(parameter -> !parameter.name().startsWith("decoder/seed/"));
      assertThat(map).hasSize(2);
      Runs.run(session, Map.of(), parameters.initialize());
      Runs.assign(
          session,
          tf,
          Map.of(
              map.get(0),
              new Values("w", new int[] {3, 2}, new double[] {1, 2, 3, 4, 5, 6}),
              map.get(1),
              new Values("b", new int[] {2}, new double[] {0.5, -0.5})));
      Operand<TFloat32> seeds = decoder.seeds(tf, tf.constant(new float[][] {{1, 0, -1}}));
      float[] got = Runs.fetch(session, Map.of(), List.of(seeds)).get(0);
      // 1 - 5 + 0.5 and 2 - 6 - 0.5, in each of four cells.
      assertThat(got).containsExactly(-3.5f, -4.5f, -3.5f, -4.5f, -3.5f, -4.5f, -3.5f, -4.5f);
    }
  }

  @Test
  void cellsOfOtherChannels_areCountedDescribedAndExchangedAsWhatTheyAre() {
    DecoderSpec.Doubling decoder = DecoderSpec.Doubling.of(1, 1, UPDATE);
    assertThat(Decoder.flops(decoder.with(5), LATENT, 4, 1))
        .isEqualTo(Decoder.flops(decoder, 5, 4, 1) + 2 * 3 * 5);
    InputSpec input = new InputSpec(new ImageShape(4, 4, 1), 0, true);
    try (Vnca model = new Vnca(model(decoder.with(5)), input, 1)) {
      assertThatThrownBy(model::description).hasMessageContaining("model.decoder.channels");
    }
    assertThatThrownBy(() -> StateDict.of(model(decoder.with(5)), Map.of()))
        .hasMessageContaining("a map from z to the channels of a cell");
    UpdateSpec constant = new UpdateSpec.Residual(3, 1, 1, false, 2);
    assertThatThrownBy(
            () -> Vnca.requireFits(model(DecoderSpec.Doubling.of(1, 1, constant).with(2)), input))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage(
            "decoder.channels must be at least 3, the channels that the likelihood reads and the 2"
                + " that are held constant, but is 2");
    Vnca.requireFits(model(DecoderSpec.Doubling.of(1, 1, constant).with(3)), input);
  }

  private static ModelSpec model(DecoderSpec decoder) {
    return new ModelSpec(
        LATENT,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(2, 3),
        decoder,
        new LikelihoodSpec.Bernoulli());
  }

  private static Values random(String name, long[] shape) {
    Random random = new Random(name.hashCode());
    int[] sides = new int[shape.length];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      sides[i] = Math.toIntExact(shape[i]);
      size *= sides[i];
    }
    double[] data = new double[size];
    for (int i = 0; i < size; i++) {
      data[i] = 0.4 * random.nextGaussian();
    }
    return new Values(name, sides, data);
  }
}
