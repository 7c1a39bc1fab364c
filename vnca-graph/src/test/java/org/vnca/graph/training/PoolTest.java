package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.GoldenWeights;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.decoder.AutomatonDecoder;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** The step with pool and damage, and the non-doubling decoder, against the golden vectors. */
class PoolTest {
  private static final String FILE = "09_pool";

  /** The case that has the pool, the batch and the weights of all. */
  private static final String CASE = Golden.cases(FILE, "inputs/pool_z", "weights").get(0);

  static List<Arguments> steps() {
    try (Golden golden = new Golden(FILE)) {
      return Golden.cases(FILE, "expected/loss_per_image", "expected/kl_per_image").stream()
          .filter(name -> !golden.has(name, "inputs/masks"))
          .flatMap(
              name ->
                  Arrays.stream(MemoryPolicy.values())
                      .filter(policy -> name.equals(CASE) || policy == MemoryPolicy.STORE)
                      .map(policy -> Arguments.of(name, policy)))
          .toList();
    }
  }

  static List<Arguments> masked() {
    return Golden.cases(FILE, "inputs/masks", "expected/final_states_channel0").stream()
        .flatMap(
            name -> Arrays.stream(MemoryPolicy.values()).map(policy -> Arguments.of(name, policy)))
        .toList();
  }

  /** N, C, H, W of the batch. */
  private static int[] batch(Golden golden) {
    return golden.get(CASE + "/inputs/x").shape();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void step_ofGoldenPool_isGolden(String name, MemoryPolicy memory) {
    try (Golden golden = new Golden(FILE);
        Vnca model = model(golden, golden.posterior(name))) {
      PoolSpec spec =
          new PoolSpec(
              golden.size(CASE, "pool_size"),
              golden.size(CASE, "damage_size"),
              PoolSpec.Used.REMOVED);
      int full =
          golden.says(name, "entries")
              ? golden.size(name, "entries")
              : golden.get(CASE + "/inputs/pool_z").shape()[0];
      TrainingStep step = TrainingStep.build(model, settings(spec, memory));
      PoolPorts ports = step.pools().get(0);
      try (Session session = new Session(model.graph())) {
        Runs.run(session, Map.of(), model.parameters().initialize());
        Runs.assign(session, Ops.create(model.graph()), initial(golden, model, spec, full));
        int images = batch(golden)[0];
        PoolOrder before = PoolOrder.empty(spec).with(IntStream.range(0, full).toArray());
        boolean used = full > golden.size(CASE, "n_from_pool");
        int[] permutation =
            used
                ? ints(golden, CASE + "/inputs/shuffle_perm")
                : IntStream.range(0, full + images).toArray();
        PoolOrder.Exchange exchange = before.exchange(images, permutation);
        List<Operand<TFloat32>> fetches =
            new ArrayList<>(
                List.of(step.loss(), step.reconstruction(), step.kl(), step.gradientNorm()));
        fetches.add(step.pixels());
        fetches.addAll(step.gradients());
        List<float[]> got = run(session, golden, step, ports, exchange, fetches);

        String expected = name + "/expected/";
        assertClose(got.get(0)[0], mean(golden, expected + "loss_per_image"), 1e-5);
        assertClose(got.get(2)[0], mean(golden, expected + "kl_per_image"), 1e-5);
        if (golden.has(name, "expected/recon_per_image")) {
          assertClose(got.get(1)[0], mean(golden, expected + "recon_per_image"), 1e-5);
        }
        if (used) {
          double norm = golden.get(expected + "grad_norm").data()[0];
          assertClose(got.get(3)[0], norm, 1e-4);
        }
        if (name.equals(CASE)) {
          compareGradients(golden, model, got);
          assertThat(golden.get(expected + "batch_x").nhwc().deviation(got.get(4))).isZero();
          comparePool(golden, model, session, exchange);
        }
      }
    }
  }

  private static void compareGradients(Golden golden, Vnca model, List<float[]> got) {
    for (int i = 0; i < model.trainable().size(); i++) {
      Parameter parameter = model.trainable().get(i);
      Values gradient = GoldenWeights.of(golden, CASE + "/grads", parameter);
      assertThat(gradient.deviation(got.get(5 + i))).as(parameter.name()).isLessThan(1e-4);
    }
  }

  /** Entry by entry: an old one, or a member of the batch. */
  private static void comparePool(
      Golden golden, Vnca model, Session session, PoolOrder.Exchange exchange) {
    int[] source = ints(golden, CASE + "/expected/pool_after_source");
    int[] after = exchange.after().entries();
    assertThat(after).hasSameSizeAs(source).doesNotHaveDuplicates();
    Values oldStates = golden.get(CASE + "/inputs/pool_z").nhwc();
    Values newStates = golden.get(CASE + "/expected/final_states").nhwc();
    Values oldImages = golden.get(CASE + "/inputs/pool_x").nhwc();
    Values newImages = golden.get(CASE + "/expected/batch_x").nhwc();
    float[] states = fetch(session, model, Pool.STATES);
    float[] images = fetch(session, model, Pool.IMAGES);
    int old = oldStates.shape()[0];
    for (int i = 0; i < after.length; i++) {
      boolean kept = source[i] < old;
      int row = kept ? source[i] : source[i] - old;
      Values state = (kept ? oldStates : newStates).part(row);
      Values image = (kept ? oldImages : newImages).part(row);
      assertThat(state.deviation(part(states, after[i], state.data().length)))
          .as("entry " + i)
          .isLessThan(kept ? Double.MIN_VALUE : 1e-5);
      assertThat(image.deviation(part(images, after[i], image.data().length))).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("masked")
  void growth_withGoldenMasks_isGolden(String name, MemoryPolicy memory) {
    try (Golden golden = new Golden(FILE);
        Vnca model = model(golden, Posterior.LOG_VARIANCE);
        Session session = new Session(model.graph());
        TFloat32 seeds = golden.get(CASE + "/expected/seeds").nhwc().tensor();
        TFloat32 images = golden.get(CASE + "/expected/batch_x").nhwc().tensor()) {
      Ops tf = Ops.create(model.graph());
      AutomatonDecoder decoder = (AutomatonDecoder) model.decoder();
      Decoder.Trace trace =
          decoder.settle(
              tf,
              tf.constantOf(seeds),
              tf.constant(golden.get(name + "/inputs/masks").shape()[0]),
              memory,
              masks(tf, golden.get(name + "/inputs/masks")));
      Operand<TFloat32> reconstruction =
          tf.math.neg(model.likelihood().logProbability(tf, trace.last(), tf.constantOf(images)));
      Output<?>[] head =
          model
              .graph()
              .addGradients(
                  tf.math.mean(reconstruction, tf.constant(0)).asOutput(),
                  new Output<?>[] {trace.last().asOutput()});
      Layer.Backward back = trace.backward(tf, Loop.typed(head[0]));
      Runs.run(session, Map.of(), model.parameters().initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      decoder
          .parameters()
          .forEach(p -> weights.put(p, GoldenWeights.of(golden, CASE + "/weights", p)));
      Runs.assign(session, tf, weights);
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(trace.last(), reconstruction));
      List<Operand<TFloat32>> dWeights = back.dWeights().of(decoder.parameters());
      fetches.addAll(dWeights);
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);

      float[] firstChannel = new float[batch(golden)[0] * batch(golden)[2] * batch(golden)[3]];
      int channels = got.get(0).length / firstChannel.length;
      for (int i = 0; i < firstChannel.length; i++) {
        firstChannel[i] = got.get(0)[i * channels];
      }
      assertThat(
              golden.get(name + "/expected/final_states_channel0").nhwc().deviation(firstChannel))
          .isLessThan(1e-5);
      double[] kl = golden.get(CASE + "/expected/kl_per_image").data();
      double[] loss = golden.get(name + "/expected/loss_per_image").data();
      for (int i = 0; i < loss.length; i++) {
        assertClose(got.get(1)[i] + kl[i], loss[i], 1e-5);
      }
      for (int i = 0; i < decoder.parameters().size(); i++) {
        Values gradient = GoldenWeights.of(golden, name + "/grads", decoder.parameters().get(i));
        assertThat(gradient.deviation(got.get(2 + i))).isLessThan(1e-4);
      }
    }
  }

  @Test
  void steps_areDrawnFromTheWholeRange() {
    DecoderSpec.NonDoubling spec =
        new DecoderSpec.NonDoubling(
            new DecoderSpec.StepRange(2, 5, 3), 1, new UpdateSpec.Simple(2));
    try (Vnca model = new Vnca(model(spec, 3, Posterior.LOG_VARIANCE, 2), input(28), 1);
        Session session = new Session(model.graph())) {
      Ops tf = Ops.create(model.graph());
      Operand<TInt64> number = tf.placeholder(TInt64.class);
      Operand<TInt32> steps =
          ((AutomatonDecoder) model.decoder()).steps(tf, new Decoder.Draw(1, number));
      int[] seen = new int[6];
      for (int i = 0; i < 400; i++) {
        try (TInt64 fed = TInt64.scalarOf(i);
            Result result = session.runner().feed(number, fed).fetch(steps).run()) {
          seen[((TInt32) result.get(0)).getInt()]++;
        }
      }
      assertThat(Arrays.stream(seen).sum()).isEqualTo(400);
      assertThat(Arrays.copyOfRange(seen, 2, 6))
          .satisfies(
              counts -> Arrays.stream(counts).forEach(c -> assertThat(c).isBetween(65, 140)));
    }
  }

  private static Vnca model(Golden golden, Posterior posterior) {
    DecoderSpec.NonDoubling decoder =
        new DecoderSpec.NonDoubling(
            new DecoderSpec.StepRange(
                golden.size(CASE, "T"), golden.size(CASE, "T"), golden.size(CASE, "T")),
            1,
            golden.update(CASE));
    return new Vnca(
        model(decoder, golden.size(CASE, "z_size"), posterior, golden.size(CASE, "base_width")),
        input(batch(golden)[2]),
        1);
  }

  private static ModelSpec model(
      DecoderSpec decoder, int latent, Posterior posterior, int filters) {
    return new ModelSpec(
        latent, posterior, new EncoderSpec(filters, 5), decoder, new LikelihoodSpec.Bernoulli());
  }

  private static InputSpec input(int side) {
    return new InputSpec(new ImageShape(side, side, 1), 0, true);
  }

  private static TrainingStep.Settings settings(PoolSpec pool, MemoryPolicy memory) {
    return new TrainingStep.Settings(
        1, 1e6, memory, Precision.FLOAT32, new Adam.Settings(1e-4, 0.9, 0.999, 1e-8), pool);
  }

  private static Map<Parameter, Values> initial(
      Golden golden, Vnca model, PoolSpec spec, int full) {
    Map<Parameter, Values> initial = new LinkedHashMap<>();
    model.trainable().forEach(p -> initial.put(p, GoldenWeights.of(golden, CASE + "/weights", p)));
    Values states = golden.get(CASE + "/inputs/pool_z").nhwc();
    Values images = golden.get(CASE + "/inputs/pool_x").nhwc();
    initial.put(parameter(model, Pool.STATES), padded(states, spec.size(), full));
    initial.put(parameter(model, Pool.IMAGES), padded(images, spec.size(), full));
    return initial;
  }

  /** The first entries, and 7 in every slot without one. */
  private static Values padded(Values entries, int slots, int full) {
    int[] shape = entries.shape().clone();
    int size = entries.data().length / shape[0];
    shape[0] = slots;
    double[] data = new double[slots * size];
    Arrays.fill(data, 7);
    System.arraycopy(entries.data(), 0, data, 0, full * size);
    return new Values(entries.name(), shape, data);
  }

  private static List<float[]> run(
      Session session,
      Golden golden,
      TrainingStep step,
      PoolPorts ports,
      PoolOrder.Exchange exchange,
      List<Operand<TFloat32>> fetches) {
    double[] pixels = golden.get(CASE + "/inputs/x").nhwc().data();
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
    feeds.put(
        step.images(),
        TUint8.tensorOf(
            Shape.of(batch(golden)[0], batch(golden)[2], batch(golden)[3], 1),
            DataBuffers.of(bytes)));
    feeds.put(step.step(), TInt64.scalarOf(0));
    feeds.put(step.noise(), golden.get(CASE + "/inputs/eps").tensor());
    feeds.put(ports.read(), TInt32.vectorOf(exchange.read()));
    feeds.put(ports.rows(), TInt32.vectorOf(exchange.rows()));
    feeds.put(ports.slots(), TInt32.vectorOf(exchange.slots()));
    int[] corners = Arrays.copyOf(ints(golden, CASE + "/inputs/rects"), 2 * exchange.read().length);
    feeds.put(
        ports.corners(),
        TInt32.tensorOf(Shape.of(exchange.read().length, 2), DataBuffers.of(corners)));
    feeds.put(ports.steps(), TInt32.scalarOf(golden.size(CASE, "T")));
    Session.Runner runner = session.runner().addTarget(step.update());
    feeds.forEach(runner::feed);
    fetches.forEach(runner::fetch);
    try (Result result = runner.run()) {
      List<float[]> values = new ArrayList<>();
      for (int i = 0; i < fetches.size(); i++) {
        TFloat32 tensor = (TFloat32) result.get(i);
        float[] floats = new float[Math.toIntExact(tensor.size())];
        tensor.asRawTensor().data().asFloats().read(floats);
        values.add(floats);
      }
      return values;
    } finally {
      feeds.values().forEach(Tensor::close);
    }
  }

  private static Apply masks(Ops tf, Values masks) {
    try (TFloat32 tensor = masks.permute(0, 1, 3, 4, 2).tensor()) {
      Operand<TFloat32> given = tf.constantOf(tensor);
      return Apply.masked((body, cells) -> body.gather(given, cells.t(), body.constant(0)));
    }
  }

  private static Parameter parameter(Vnca model, String name) {
    return model.parameters().all().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static float[] fetch(Session session, Vnca model, String name) {
    return Runs.fetch(session, Map.of(), List.of(parameter(model, name).value())).get(0);
  }

  private static float[] part(float[] values, int i, int size) {
    return Arrays.copyOfRange(values, i * size, (i + 1) * size);
  }

  private static int[] ints(Golden golden, String path) {
    return Arrays.stream(golden.get(path).data()).mapToInt(value -> (int) value).toArray();
  }

  private static double mean(Golden golden, String path) {
    return Arrays.stream(golden.get(path).data()).average().orElseThrow();
  }

  private static void assertClose(double value, double expected, double share) {
    assertThat(value).isCloseTo(expected, within(share * Math.abs(expected)));
  }
}
