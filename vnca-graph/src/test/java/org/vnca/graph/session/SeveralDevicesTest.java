package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceException;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.device.Placement;
import org.vnca.graph.spec.ConvolutionAlgorithm;
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
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.PoolPorts;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;

/** Training on several devices against training on one. */
class SeveralDevicesTest {
  private static final int BATCH = 12;
  private static final int SIDE = 16;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8));
  private static final DecoderSpec CONVOLUTIONAL =
      new DecoderSpec.Convolutional(3, 2, 5, false, 0.8);
  private static final DecoderSpec SETTLING =
      new DecoderSpec.Doubling(3, 2, UpdateSpec.Residual.of(8, 1), false, 0.7, 0)
          .with(new DecoderSpec.Settle(1, 4, 2))
          .bounded(3)
          .with(10);
  private static final PoolSpec POOL = new PoolSpec(24, 8, PoolSpec.Used.STAY);

  /** Channels of which convolutions are computed by tiles. */
  private static final int WIDE = 96;

  @TempDir Path folder;

  static Stream<DecoderSpec> decoders() {
    return Stream.of(DOUBLING, NON_DOUBLING, SETTLING, CONVOLUTIONAL);
  }

  static Stream<DecoderSpec> pooled() {
    return Stream.of(NON_DOUBLING, SETTLING);
  }

  /** Of which every step takes as many further ones, and that are not random. */
  static Stream<DecoderSpec> still() {
    return Stream.of(
        new DecoderSpec.NonDoubling(
            new DecoderSpec.StepRange(4, 4, 4), 1, new UpdateSpec.Simple(8)),
        DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1))
            .with(new DecoderSpec.Settle(3, 3, 3)));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void steps_onSeveralDevices_areThoseOnOne(DecoderSpec decoder) {
    for (MemoryPolicy memory : MemoryPolicy.values()) {
      List<Training.StepValues> one;
      Map<String, float[]> weights;
      try (VncaSession session = session(decoder, memory, PoolSpec.NONE, 1)) {
        one = train(session, 0, 3);
        weights = session.variables().values();
      }
      for (int devices : new int[] {2, 3}) {
        try (VncaSession session = session(decoder, memory, PoolSpec.NONE, devices)) {
          List<Training.StepValues> several = train(session, 0, 3);
          for (int i = 0; i < 3; i++) {
            assertThat(several.get(i).loss()).isCloseTo(one.get(i).loss(), near(one.get(i).loss()));
            assertThat(several.get(i).gradientNorm())
                .isCloseTo(one.get(i).gradientNorm(), near(one.get(i).gradientNorm()));
          }
          assertNear(session.variables().values(), weights);
        }
      }
    }
  }

  static Stream<Arguments> tiled() {
    return Stream.of(
            DecoderSpec.Doubling.of(3, 1, UpdateSpec.Residual.of(WIDE, 1)),
            new DecoderSpec.NonDoubling(
                new DecoderSpec.StepRange(2, 2, 2), 0.7, new UpdateSpec.Simple(WIDE)))
        .flatMap(
            decoder ->
                Stream.of(MemoryPolicy.values()).map(memory -> Arguments.of(decoder, memory)));
  }

  /**
   * The mean of two halves is rounded otherwise than the sum over all images: measured, by 6e-7 of
   * a gradient's largest entry at most, or 10 roundings of 2^-24. The bound is 5 times as much.
   */
  @ParameterizedTest
  @MethodSource("tiled")
  void gradients_withTiles_onTwoDevices_areThoseOnOne(DecoderSpec decoder, MemoryPolicy memory) {
    Map<String, float[]> expected;
    Path start = folder.resolve("start");
    try (VncaSession one = wide(decoder, memory, 1)) {
      // At first the last layer is zero, and stops gradients.
      one.initialize();
      one.training().step(few(), 0);
      one.training().step(few(), 1);
      one.save(start, 2);
      assertThat(tiledOn(one.training().trace(few(), 2))).containsExactly("CPU:0");
      expected = one.variables().values();
    }
    try (VncaSession two = wide(decoder, memory, 2)) {
      two.restore(start);
      assertThat(tiledOn(two.training().trace(few(), 2))).containsExactly("CPU:0", "CPU:1");
      Map<String, float[]> got = two.variables().values();
      List<String> moments =
          expected.keySet().stream().filter(name -> name.endsWith(Adam.FIRST_MOMENT)).toList();
      assertThat(moments).hasSizeGreaterThan(10);
      for (String moment : moments) {
        assertThat(expected.get(moment))
            .as(moment)
            .isNotEqualTo(new float[expected.get(moment).length]);
        assertNear(moment, got.get(moment), expected.get(moment), 3e-6);
      }
    }
  }

  /** Where products of tiles were computed. */
  private static Set<String> tiledOn(StepTrace trace) {
    return trace.operations().stream()
        .filter(time -> time.operation().contains("BatchMatMul"))
        .map(StepTrace.OperationTime::device)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** With beta1 = 0 the first moment is the last step's gradient. Nothing is clipped. */
  private static VncaSession wide(DecoderSpec decoder, MemoryPolicy memory, int devices) {
    return VncaSession.forTraining(
        new ModelSpec(
            WIDE,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            decoder,
            new LikelihoodSpec.Bernoulli()),
        INPUT,
        1,
        new TrainingStep.Settings(
            1,
            1e9,
            memory,
            Precision.FLOAT32,
            new Adam.Settings(1e-3, 0, 0.999, 1e-8),
            PoolSpec.NONE),
        host(devices));
  }

  /** As many images as leave each device two. */
  private static byte[] few() {
    return Arrays.copyOf(images(), 4 * SIDE * SIDE);
  }

  @ParameterizedTest
  @MethodSource("pooled")
  void dividedPool_survivesACheckpointAndAnotherDivision(DecoderSpec decoder) {
    Path saved = folder.resolve("saved");
    int[] entries;
    Map<String, float[]> straight;
    try (VncaSession session = session(decoder, MemoryPolicy.STORE, POOL, 2)) {
      train(session, 0, 4);
      session.save(saved, 4);
      entries = session.training().poolEntries();
      train(session, 4, 3);
      straight = session.variables().values();
    }
    assertThat(entries).hasSize(24).doesNotHaveDuplicates();
    try (VncaSession resumed = session(decoder, MemoryPolicy.STORE, POOL, 2)) {
      resumed.restore(saved);
      assertThat(resumed.training().poolEntries()).isEqualTo(entries);
      train(resumed, 4, 3);
      assertThat(resumed.variables().values()).usingRecursiveComparison().isEqualTo(straight);
    }
    Map<String, float[]> halves;
    try (VncaSession two = session(decoder, MemoryPolicy.STORE, POOL, 2)) {
      two.restore(saved);
      halves = two.variables().values();
    }
    try (VncaSession one = session(decoder, MemoryPolicy.STORE, POOL, 1)) {
      one.restore(saved);
      assertThat(one.training().poolEntries()).isEqualTo(entries);
      float[] whole = one.variables().values().get("pool/states");
      float[] first = halves.get("pool/states/part0");
      float[] second = halves.get("pool/states/part1");
      assertThat(Arrays.copyOfRange(whole, 0, first.length)).isEqualTo(first);
      assertThat(Arrays.copyOfRange(whole, first.length, whole.length)).isEqualTo(second);
      train(one, 4, 1);
      one.save(folder.resolve("one"), 5);
    }
    try (VncaSession three = session(decoder, MemoryPolicy.STORE, POOL, 3)) {
      three.restore(folder.resolve("one"));
      assertThat(three.training().poolEntries()).hasSize(24).doesNotHaveDuplicates();
      assertThat(train(three, 5, 1).get(0).finite()).isTrue();
    }
  }

  /** Each device's part of a step with a pool is the step of a session that has that part alone. */
  @ParameterizedTest
  @MethodSource("still")
  void dividedPool_isTwoPoolsOfHalfTheSize(DecoderSpec decoder) {
    TrainingStep.Settings whole = still(POOL);
    TrainingStep.Settings half = still(new PoolSpec(12, 8, PoolSpec.Used.STAY));
    float[] noise = new float[BATCH * 8];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (i * 37 % 19 - 9) / 5f;
    }
    byte[] images = images();
    List<float[]> together =
        gradients(decoder, whole, placement(2), images, noise, List.of(new int[] {3, 1, 2}));
    int size = images.length / 2;
    int latents = noise.length / 2;
    List<List<float[]>> apart =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    gradients(
                        decoder,
                        half,
                        Placement.ANYWHERE,
                        Arrays.copyOfRange(images, i * size, (i + 1) * size),
                        Arrays.copyOfRange(noise, i * latents, (i + 1) * latents),
                        List.of(new int[] {3, 1, 2})))
            .toList();
    for (int i = 0; i < together.size(); i++) {
      float[] mean = new float[together.get(i).length];
      for (int j = 0; j < mean.length; j++) {
        mean[j] = (apart.get(0).get(i)[j] + apart.get(1).get(i)[j]) / 2;
      }
      assertNear("gradient " + i, together.get(i), mean);
    }
    assertThat(apart.get(0).get(0)).isNotEqualTo(apart.get(1).get(0));
  }

  /** The second step of a session whose first one fills the pool. */
  private static List<float[]> gradients(
      DecoderSpec decoder,
      TrainingStep.Settings settings,
      Placement placement,
      byte[] images,
      float[] noise,
      List<int[]> read) {
    try (Vnca model = new Vnca(model(decoder), INPUT, 1)) {
      TrainingStep step = TrainingStep.build(model, settings, placement);
      try (Session session = new Session(model.graph(), config())) {
        session.runner().addTarget(model.parameters().initialize()).run().close();
        int batch = images.length / (SIDE * SIDE);
        int rows = batch / step.pools().size();
        int[] all = IntStream.range(0, rows).toArray();
        run(
                session,
                step,
                images,
                noise,
                new int[0],
                all,
                runner -> runner.addTarget(step.update()))
            .close();
        List<float[]> values = new ArrayList<>();
        try (Result result =
            run(
                session,
                step,
                images,
                noise,
                read.get(0),
                all,
                runner -> step.gradients().forEach(runner::fetch))) {
          for (int i = 0; i < result.size(); i++) {
            values.add(Tensors.flat(result, i));
          }
        }
        return values;
      }
    }
  }

  private static Result run(
      Session session,
      TrainingStep step,
      byte[] images,
      float[] noise,
      int[] read,
      int[] rows,
      Consumer<Session.Runner> wanted) {
    float[][] latents = new float[noise.length / 8][];
    for (int i = 0; i < latents.length; i++) {
      latents[i] = Arrays.copyOfRange(noise, 8 * i, 8 * (i + 1));
    }
    Session.Runner runner =
        fed(session, step, images, read, rows).feed(step.noise(), Tensors.matrix(latents));
    wanted.accept(runner);
    return runner.run();
  }

  /** A step's runner with its feeds, the noise left to be drawn. */
  private static Session.Runner fed(
      Session session, TrainingStep step, byte[] images, int[] read, int[] rows) {
    int batch = images.length / (SIDE * SIDE);
    Session.Runner runner =
        session
            .runner()
            .feed(
                step.images(),
                TUint8.tensorOf(Shape.of(batch, SIDE, SIDE, 1), DataBuffers.of(images)))
            .feed(step.step(), TInt64.scalarOf(0));
    for (PoolPorts ports : step.pools()) {
      runner
          .feed(ports.read(), TInt32.vectorOf(read))
          .feed(ports.rows(), TInt32.vectorOf(rows))
          .feed(ports.slots(), TInt32.vectorOf(rows));
      int[] corners = {2, 5, 1, 1, 0, 8};
      runner.feed(
          ports.corners(),
          TInt32.tensorOf(
              Shape.of(read.length, 2), DataBuffers.of(Arrays.copyOf(corners, 2 * read.length))));
    }
    return runner;
  }

  /** A step whose operations are looked at. */
  private record Kind(
      DecoderSpec decoder,
      MemoryPolicy memory,
      MicroBatches division,
      Precision precision,
      PoolSpec pool) {
    static Kind of(DecoderSpec decoder) {
      return new Kind(
          decoder, MemoryPolicy.STORE, MicroBatches.WHOLE, Precision.FLOAT32, PoolSpec.NONE);
    }

    Kind with(MemoryPolicy policy) {
      return new Kind(decoder, policy, division, precision, pool);
    }

    Kind with(Precision other) {
      return new Kind(decoder, memory, division, other, pool);
    }

    Kind with(PoolSpec states) {
      return new Kind(decoder, memory, division, precision, states);
    }

    /** Each of two devices has two micro-batches. */
    Kind halved() {
      return new Kind(decoder, memory, new MicroBatches(BATCH, BATCH / 4), precision, pool);
    }

    TrainingStep.Settings settings() {
      return new TrainingStep.Settings(
              1, 10, memory, precision, new Adam.Settings(1e-3, 0.9, 0.999, 1e-8), pool)
          .in(division);
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
            decoders().map(Kind::of),
            Stream.of(DOUBLING, NON_DOUBLING)
                .map(Kind::of)
                .flatMap(
                    kind ->
                        Stream.of(
                            kind.with(MemoryPolicy.RECOMPUTE),
                            kind.with(Precision.BFLOAT16),
                            kind.with(MemoryPolicy.RECOMPUTE).with(Precision.BFLOAT16))),
            Stream.of(MemoryPolicy.values())
                .map(memory -> Kind.of(NON_DOUBLING).with(memory).with(POOL)),
            Stream.of(Kind.of(NON_DOUBLING).with(Precision.BFLOAT16).with(POOL)),
            decoders().map(Kind::of).map(Kind::halved),
            Stream.of(
                Kind.of(DOUBLING).with(MemoryPolicy.RECOMPUTE).halved(),
                Kind.of(NON_DOUBLING).with(Precision.BFLOAT16).halved(),
                Kind.of(NON_DOUBLING).with(POOL).halved(),
                Kind.of(SETTLING).with(POOL).halved()))
        .flatMap(same -> same);
  }

  /**
   * Not where operations were asked to run, but the graphs that TensorFlow made for each device.
   */
  @ParameterizedTest
  @MethodSource("kinds")
  void backwardPass_ofEachPart_runsOnItsDevice(Kind kind) {
    try (Vnca model = new Vnca(model(kind.decoder()), INPUT, 1)) {
      TrainingStep step = TrainingStep.build(model, kind.settings(), placement(2));
      List<GraphDef> partitions = partitions(model, step);
      assertThat(partitions).hasSize(2);
      for (int part = 0; part < 2; part++) {
        String scope = "train/replica" + part + "/";
        List<NodeDef> nodes = Partitions.nodes(partitions, scope);
        assertThat(Partitions.devices(nodes))
            .containsExactly("/job:localhost/replica:0/task:0/device:CPU:" + part);
        assertThat(Partitions.convolutions(nodes, scope + "encoder_gradient/"))
            .extracting(NodeDef::getOp)
            .anyMatch(op -> op.contains("Conv2DBackpropFilter"));
        int parts = kind.settings().microBatches().count(2);
        assertThat(parts).isEqualTo(kind.division().equals(MicroBatches.WHOLE) ? 1 : 2);
        for (int i = 0; i < parts; i++) {
          assertSeen(kind, parts == 1 ? scope : scope + "micro" + i + "/", nodes);
        }
        assertPoolSeen(kind, scope + "pool/", nodes);
      }
    }
  }

  /**
   * That what a micro-batch does, and what makes a kind of step different, is among the operations
   * looked at.
   *
   * @param scope of the micro-batch
   */
  private static void assertSeen(Kind kind, String scope, List<NodeDef> nodes) {
    assertThat(Partitions.convolutions(nodes, scope + "decoder/")).isNotEmpty();
    if (kind.decoder() == SETTLING && kind.pool().present()) {
      assertThat(Partitions.convolutions(nodes, scope + "decoder/growth/")).isNotEmpty();
      assertThat(Partitions.convolutions(nodes, scope + "decoder_gradient/growth/")).isNotEmpty();
    }
    assertThat(nodes)
        .filteredOn(node -> node.getName().startsWith(scope + "gradient_head"))
        .isNotEmpty();
    List<NodeDef> backward = Partitions.convolutions(nodes, scope + "decoder_gradient/");
    assertThat(backward)
        .extracting(NodeDef::getOp)
        .anyMatch(op -> op.contains("Conv2DBackpropFilter"));
    if (kind.decoder() != CONVOLUTIONAL) {
      // A step that is recomputed has forward convolutions, too.
      assertThat(backward.stream().allMatch(node -> node.getOp().contains("Backprop")))
          .isEqualTo(kind.memory() == MemoryPolicy.STORE);
    }
    assertThat(backward)
        .extracting(node -> node.getAttrOrThrow("T").getType())
        .containsOnly(
            kind.precision() == Precision.BFLOAT16 ? DataType.DT_BFLOAT16 : DataType.DT_FLOAT);
  }

  private static void assertPoolSeen(Kind kind, String scope, List<NodeDef> nodes) {
    List<String> pool =
        nodes.stream()
            .filter(node -> node.getName().startsWith(scope))
            .map(NodeDef::getOp)
            .toList();
    if (kind.pool().present()) {
      assertThat(pool).contains("ResourceGather", "ResourceScatterUpdate");
    } else {
      assertThat(pool).isEmpty();
    }
  }

  /** The graphs of one step, one for each device. */
  private static List<GraphDef> partitions(Vnca model, TrainingStep step) {
    try (Session session = new Session(model.graph(), config())) {
      session.runner().addTarget(model.parameters().initialize()).run().close();
      int[] rows = IntStream.range(0, BATCH / 2).toArray();
      return Partitions.of(
          fed(session, step, images(), new int[] {3, 1, 2}, rows).addTarget(step.update()));
    }
  }

  @Test
  void batchOrPool_thatCannotBeDivided_isRefused() {
    try (VncaSession session = session(DOUBLING, MemoryPolicy.STORE, PoolSpec.NONE, 2)) {
      session.initialize();
      assertThatThrownBy(() -> session.training().step(new byte[3 * SIDE * SIDE], 0))
          .hasMessage("batch must be a multiple of 2, the number of devices, but is 3");
    }
    assertThatThrownBy(
            () ->
                session(
                    NON_DOUBLING, MemoryPolicy.STORE, new PoolSpec(13, 8, PoolSpec.Used.STAY), 2))
        .hasMessage("pool.size must be a multiple of 2, the number of devices, but is 13");
  }

  @Test
  void measuring_withSeveralDevices_isThatWithOne() {
    try (VncaSession two = session(DOUBLING, MemoryPolicy.STORE, PoolSpec.NONE, 2);
        VncaSession one = session(DOUBLING, MemoryPolicy.STORE, PoolSpec.NONE, 1)) {
      two.initialize();
      one.initialize();
      long[] numbers = {4, 5};
      byte[] images = Arrays.copyOf(images(), 2 * SIDE * SIDE);
      assertThat(two.sampling().importanceSamples(images, numbers, 0, 4).logLikelihood())
          .isDeepEqualTo(one.sampling().importanceSamples(images, numbers, 0, 4).logLikelihood());
      assertThat(two.device()).startsWith("2 devices: cpu:0, cpu:1");
    }
  }

  @Test
  void gpus_whereThereAreNone_areRefused() {
    Host host =
        new Host(
            DeviceRequest.setting(Device.AUTO),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            false,
            List.of(new DeviceName(true, 999)),
            Optional.empty());
    assertThatThrownBy(
            () ->
                VncaSession.forTraining(
                    model(DOUBLING), INPUT, 1, settings(MemoryPolicy.STORE, PoolSpec.NONE), host))
        .isInstanceOf(DeviceException.class)
        .hasMessageMatching(
            "train.devices names (GPUs, but|gpu:999, but TensorFlow found only) .*");
  }

  private static List<Training.StepValues> train(VncaSession session, long first, int steps) {
    if (first == 0) {
      session.initialize();
    }
    return IntStream.range(0, steps)
        .mapToObj(i -> session.training().step(images(), first + i))
        .toList();
  }

  private static VncaSession session(
      DecoderSpec decoder, MemoryPolicy memory, PoolSpec pool, int devices) {
    return VncaSession.forTraining(model(decoder), INPUT, 1, settings(memory, pool), host(devices));
  }

  private static Host host(int devices) {
    List<DeviceName> names =
        devices == 1
            ? List.of()
            : IntStream.range(0, devices).mapToObj(i -> new DeviceName(false, i)).toList();
    return new Host(
        DeviceRequest.setting(Device.CPU),
        2,
        ConvolutionAlgorithm.WINOGRAD,
        false,
        names,
        Optional.empty());
  }

  private static ModelSpec model(DecoderSpec decoder) {
    return new ModelSpec(
        8, Posterior.LOG_VARIANCE, new EncoderSpec(2, 5), decoder, new LikelihoodSpec.Bernoulli());
  }

  private static TrainingStep.Settings settings(MemoryPolicy memory, PoolSpec pool) {
    return new TrainingStep.Settings(
        1, 10, memory, Precision.FLOAT32, new Adam.Settings(1e-3, 0.9, 0.999, 1e-8), pool);
  }

  /** Steps that fill the pool and change no weight. */
  private static TrainingStep.Settings still(PoolSpec pool) {
    return new TrainingStep.Settings(
        1, 10, MemoryPolicy.STORE, Precision.FLOAT32, new Adam.Settings(0, 0.9, 0.999, 1e-8), pool);
  }

  private static Placement placement(int devices) {
    List<String> names = IntStream.range(0, devices).mapToObj(i -> "/device:CPU:" + i).toList();
    return new Placement(names.get(0), names);
  }

  private static ConfigProto config() {
    return ConfigProto.newBuilder().putDeviceCount("CPU", 2).build();
  }

  /** Bars of different places and lengths. */
  private static byte[] images() {
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < BATCH; i++) {
      for (int y = 0; y <= i; y++) {
        images[(i * SIDE + y) * SIDE + (5 * i + y / 3) % SIDE] = 1;
      }
    }
    return images;
  }

  private static Offset<Float> near(float value) {
    return within(2e-5f * Math.abs(value));
  }

  private static void assertNear(Map<String, float[]> got, Map<String, float[]> expected) {
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    got.forEach((name, values) -> assertNear(name, values, expected.get(name)));
  }

  private static void assertNear(String name, float[] got, float[] expected) {
    assertNear(name, got, expected, 1e-4);
  }

  /** Measured by the largest value. */
  private static void assertNear(String name, float[] got, float[] expected, double bound) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(got[i] - expected[i]));
    }
    assertThat(worst).as(name).isLessThanOrEqualTo(bound * largest);
  }
}
