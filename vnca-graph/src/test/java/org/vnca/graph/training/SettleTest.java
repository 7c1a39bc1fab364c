package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.GoldenWeights;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.decoder.CellularDecoder;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.AutomaticGradients;
import org.vnca.graph.nn.BatchPart;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** A doubling decoder that settles, alone and with a pool, against vectors of PyTorch. */
class SettleTest {
  private static final String FILE = "10_settle";

  static Stream<Arguments> alone() {
    return cases(false)
        .flatMap(name -> Stream.of(MemoryPolicy.values()).map(m -> Arguments.of(name, m)));
  }

  /** With the number of parts in which the batch is taken: at two, the second has no seed. */
  static Stream<Arguments> pooled() {
    return cases(true)
        .flatMap(
            name ->
                Stream.of(MemoryPolicy.values())
                    .flatMap(m -> Stream.of(1, 2, 4).map(parts -> Arguments.of(name, m, parts))));
  }

  private static Stream<String> cases(boolean pool) {
    try (Golden golden = new Golden(FILE)) {
      return Golden.cases(FILE, "expected/states").stream()
          .filter(name -> golden.has(name, "inputs/entries") == pool)
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("alone")
  void decoder_ofGoldenLatents_hasGoldenStatesLossAndGradients(String name, MemoryPolicy policy) {
    try (Golden golden = new Golden(FILE);
        Vnca model = model(golden, name);
        Session session = new Session(model.graph());
        TFloat32 latents = golden.get(name + "/inputs/z").tensor()) {
      Ops tf = model.ops("test");
      Operand<TFloat32> z = tf.constantOf(latents);
      CellularDecoder decoder = model.decoder().cellular().orElseThrow();
      Decoder.Draw draw = new Decoder.Draw(1, tf.constant(0L));
      Passed trained =
          Passed.of(tf, model, golden, name, List.of(decoder.train(tf, z, policy, draw)));
      Passed measured = Passed.of(tf, model, golden, name, List.of(decoder.trace(tf, z, policy)));
      assign(session, tf, golden, name, model);
      trained.requireGolden(session, Map.of(), golden, name);
      measured.requireGolden(session, Map.of(), golden, name);
      Operand<TFloat32> inStages = decoder.seeds(tf, z);
      for (int k = 0; k < decoder.stages(); k++) {
        inStages = decoder.stage(tf, inStages, k);
      }
      assertThat(decoder.counts()).containsExactly("steps", "settle");
      List<Operand<TInt32>> counts =
          List.of(tf.constant(golden.size(name, "M")), tf.constant(golden.size(name, "S")));
      List<Operand<TInt32>> growth = List.of(counts.get(0), tf.constant(0));
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(
                  decoder.decode(tf, z),
                  inStages,
                  decoder.decode(tf, z, counts),
                  decoder.advance(tf, decoder.decode(tf, z, growth), counts.get(1), tf.constant(0)),
                  decoder.decode(tf, z, growth)));
      Values states = golden.get(name + "/expected/states").nhwc();
      for (int i = 0; i < 4; i++) {
        assertThat(states.deviation(got.get(i))).as("way " + i).isLessThan(1e-5);
      }
      Values grown = golden.get(name + "/expected/grown").nhwc();
      assertThat(grown.deviation(got.get(4))).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("pooled")
  void decoding_withGoldenEntries_hasGoldenStatesLossAndGradients(
      String name, MemoryPolicy policy, int parts) {
    try (Golden golden = new Golden(FILE);
        Vnca model = model(golden, name);
        Session session = new Session(model.graph());
        TFloat32 latents = golden.get(name + "/inputs/z").tensor()) {
      Ops tf = model.ops("test");
      Decoder.Draw draw = new Decoder.Draw(1, tf.constant(0L));
      int[] square = golden.sizes(name, "square");
      int read = golden.get(name + "/inputs/entries").shape()[0];
      Pool pool =
          new Pool(
              tf,
              model,
              model.decoder().pooled().orElseThrow(),
              new PoolSpec(3, square[2], PoolSpec.Used.STAY),
              draw);
      // What stands where entries are read goes nowhere.
      Operand<TFloat32> fresh = tf.constantOf(latents);
      Operand<TFloat32> z =
          tf.concat(List.of(fresh, tf.math.mul(fresh, tf.constant(50f))), tf.constant(0));
      List<Decoder.Trace> traces = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        BatchPart part = new BatchPart(i, parts);
        Decoder.Draw drawn = new Decoder.Draw(1, tf.constant(0L), part);
        traces.add(
            pool.decode(tf.withSubScope("part" + i), part.of(tf, z, 2), part, policy, drawn));
      }
      Passed passed = Passed.of(tf, model, golden, name, traces);
      assign(session, tf, golden, name, model);
      Values entries = golden.get(name + "/inputs/entries").nhwc();
      int size = entries.data().length / read;
      double[] slots = new double[3 * size];
      Arrays.fill(slots, 7);
      // The first entry lies in slot 2, the second in slot 0.
      System.arraycopy(entries.data(), 0, slots, 2 * size, size);
      System.arraycopy(entries.data(), size, slots, 0, size);
      int[] shape = entries.shape().clone();
      shape[0] = 3;
      Runs.assign(session, tf, Map.of(states(model), new Values("states", shape, slots)));
      try (TInt32 order = TInt32.vectorOf(2, 0);
          TInt32 corners =
              TInt32.tensorOf(Shape.of(read, 2), DataBuffers.of(square[0], square[1], 0, 0))) {
        Map<Operand<?>, Tensor> feeds =
            Map.of(pool.ports().read(), order, pool.ports().corners(), corners);
        passed.requireGolden(session, feeds, golden, name);
      }
    }
  }

  /** Errors of fresh images in one part or two, and the limit by hand. */
  @ParameterizedTest
  @CsvSource({
    "2,'4 1 9','',8",
    "1.5,'4 1 9 2','',4.5",
    "1.5,'4 9','2 1',4.5",
    "3,'-4 -8 -9','',8",
    "1,'7','',7"
  })
  void limit_isSoManyTimesTheMedian(double times, String one, String other, float expected) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      List<Operand<TFloat32>> parts =
          Stream.of(one, other)
              .filter(words -> !words.isEmpty())
              .<Operand<TFloat32>>map(words -> tf.constant(floats(words)))
              .toList();
      Operand<TFloat32> limit = TrainingStep.limit(tf, parts, times);
      assertThat(Runs.fetch(session, Map.of(), List.of(limit)).get(0)).containsExactly(expected);
    }
  }

  private static float[] floats(String words) {
    String[] each = words.split(" ", -1);
    float[] floats = new float[each.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(each[i]);
    }
    return floats;
  }

  private static Parameter states(Vnca model) {
    return model.parameters().all().stream()
        .filter(parameter -> parameter.name().equals(Pool.STATES))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Decodings of a batch, part by part, and back.
   *
   * @param last the last states of all
   * @param errors per image
   * @param dz of all latent vectors
   * @param dWeights in the order of the parameters
   */
  private record Passed(
      Operand<TFloat32> last,
      Operand<TFloat32> errors,
      Operand<TFloat32> dz,
      Gradients dWeights,
      List<Parameter> parameters) {

    static Passed of(Ops tf, Vnca model, Golden golden, String name, List<Decoder.Trace> traces) {
      List<Operand<TFloat32>> last = new ArrayList<>();
      List<Operand<TFloat32>> errors = new ArrayList<>();
      List<Operand<TFloat32>> dz = new ArrayList<>();
      Gradients sums = Gradients.NONE;
      try (TFloat32 images = golden.get(name + "/inputs/x").nhwc().tensor()) {
        Operand<TFloat32> x = tf.constantOf(images);
        for (int i = 0; i < traces.size(); i++) {
          Decoder.Trace trace = traces.get(i);
          Operand<TFloat32> mine = new BatchPart(i, traces.size()).of(tf, x, 4);
          Operand<TFloat32> error =
              tf.math.neg(model.likelihood().logProbability(tf, trace.last(), mine));
          Operand<TFloat32> dLast =
              AutomaticGradients.of(
                      tf,
                      "head" + i,
                      List.of(tf.math.mean(error, tf.constant(0))),
                      List.of(trace.last()),
                      List.of(tf.constant(1f / traces.size())))
                  .get(0);
          Layer.Backward back = trace.backward(tf, dLast);
          last.add(trace.last());
          errors.add(error);
          dz.add(back.dx());
          sums = sums.plus(tf, back.dWeights());
        }
      }
      return new Passed(
          joined(tf, last), joined(tf, errors), joined(tf, dz), sums, model.decoder().parameters());
    }

    private static Operand<TFloat32> joined(Ops tf, List<Operand<TFloat32>> parts) {
      return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
    }

    void requireGolden(Session session, Map<Operand<?>, Tensor> feeds, Golden golden, String name) {
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(last, errors, dz));
      fetches.addAll(dWeights.of(parameters));
      List<float[]> got = Runs.fetch(session, feeds, fetches);
      String expected = name + "/expected/";
      assertThat(golden.get(expected + "states").nhwc().deviation(got.get(0))).isLessThan(1e-5);
      assertThat(golden.get(expected + "errors").deviation(got.get(1))).isLessThan(1e-5);
      Values latents = golden.get(name + "/grads/z");
      int fresh = latents.data().length;
      float[] all = got.get(2);
      assertThat(latents.deviation(Arrays.copyOf(all, fresh))).as("z").isLessThan(1e-4);
      assertThat(IntStream.range(fresh, all.length).mapToDouble(i -> all[i]))
          .as("what gave way to entries")
          .containsOnly(
              IntStream.range(fresh, all.length).mapToObj(i -> 0.0).toArray(Double[]::new));
      for (int i = 0; i < parameters.size(); i++) {
        Values gradient = GoldenWeights.of(golden, name + "/grads", parameters.get(i));
        assertThat(gradient.deviation(got.get(3 + i)))
            .as(parameters.get(i).name())
            .isLessThan(1e-4);
      }
    }
  }

  private static void assign(Session session, Ops tf, Golden golden, String name, Vnca model) {
    Runs.run(session, Map.of(), model.parameters().initialize());
    Map<Parameter, Values> weights = new LinkedHashMap<>();
    model
        .decoder()
        .parameters()
        .forEach(p -> weights.put(p, GoldenWeights.of(golden, name + "/weights", p)));
    Runs.assign(session, tf, weights);
  }

  private static Vnca model(Golden golden, String name) {
    int settling = golden.size(name, "S");
    DecoderSpec decoder =
        new DecoderSpec.Doubling(
                golden.size(name, "K"),
                golden.size(name, "M"),
                UpdateSpec.Residual.of(golden.size(name, "hidden"), golden.size(name, "blocks")),
                golden.has(name, "weights/nca.scale0.perceive.weight"))
            .with(new DecoderSpec.Settle(settling, settling, settling));
    int side = golden.get(name + "/inputs/x").shape()[2];
    return new Vnca(
        new ModelSpec(
            golden.size(name, "z_size"),
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            decoder,
            new LikelihoodSpec.Bernoulli()),
        new InputSpec(new ImageShape(side, side, 1), 0, true),
        1);
  }
}
