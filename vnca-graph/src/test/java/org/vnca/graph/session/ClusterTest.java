package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.cluster.Address;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.cluster.ClusterException;
import org.vnca.graph.cluster.ProcessServer;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceException;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.device.NoGpu;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Objective;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;

/** Training with workers that are processes of their own. */
class ClusterTest {
  private static final int SIDE = 16;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec DECODER =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8));
  private static final DecoderSpec.Doubling DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));
  private static final PoolSpec POOL = new PoolSpec(16, 8, PoolSpec.Used.STAY);
  private static final int BATCH = 8;

  /** Two micro-batches for each of two workers. */
  private static final MicroBatches IN_TWOS = new MicroBatches(BATCH, 2);

  private static final String DRIVER = "/job:" + Cluster.DRIVER + "/replica:0/task:0/device:CPU:0";

  /** TensorFlow puts words before and after where it joins operations, but not between. */
  private static final String FORWARD = "\\w*Conv2D(?!Backprop)\\w*";

  private static final String BACKWARD = "\\w*Conv2DBackpropFilter\\w*";

  @TempDir Path folder;

  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void stopWorkers() {
    workers.forEach(Worker::kill);
  }

  @Test
  void twoWorkers_giveTheFiguresAndWeightsOfOneProcess() throws IOException {
    requireAsInOneProcess(settings(PoolSpec.NONE), MicroBatches.WHOLE);
  }

  /** Each worker takes its images two by two. */
  @Test
  void twoWorkers_withMicroBatches_giveTheFiguresAndWeightsOfTheWholeBatch() throws IOException {
    // With a small epsilon, Adam would make whole steps of the roundings of a zero.
    requireAsInOneProcess(settings(PoolSpec.NONE, new Adam.Settings(1e-3, 0.9, 0.999, 1)), IN_TWOS);
  }

  /** Three steps of two workers against those of one process with the whole batch. */
  private void requireAsInOneProcess(TrainingStep.Settings settings, MicroBatches division)
      throws IOException {
    Map<String, float[]> alone;
    List<Training.StepValues> expected = new ArrayList<>();
    try (VncaSession session = session(DECODER, settings, List.of(), Optional.empty())) {
      session.initialize();
      for (int step = 0; step < 3; step++) {
        expected.add(session.training().step(images(), step));
      }
      alone = session.variables().values();
    }
    Optional<Cluster> cluster = Optional.of(cluster(2));
    try (VncaSession session = session(DECODER, settings.in(division), List.of(), cluster)) {
      assertThat(session.device()).startsWith("2 devices of workers: 0 CPU:0, 1 CPU:0; weights on");
      session.initialize();
      requireDivided(session, division);
      for (int step = 0; step < 3; step++) {
        Training.StepValues got = session.training().step(images(), step);
        assertThat(got.loss()).isCloseTo(expected.get(step).loss(), within(0.01f));
        assertThat(got.gradientNorm())
            .isCloseTo(
                expected.get(step).gradientNorm(),
                within(1e-4f * expected.get(step).gradientNorm()));
      }
      Map<String, float[]> together = session.variables().values();
      assertThat(together.keySet()).isEqualTo(alone.keySet());
      alone.forEach(
          (name, values) -> {
            float[] got = together.get(name);
            for (int i = 0; i < got.length; i++) {
              assertThat(got[i]).as(name).isCloseTo(values[i], within(2e-5f));
            }
          });
      assertThat(session.sampling().means(session.sampling().prior(new long[] {1}))[0])
          .hasSize(SIDE * SIDE);
    }
  }

  /** That each of two workers takes its images in parts: the results would not tell. */
  private static void requireDivided(VncaSession session, MicroBatches division) {
    if (!division.equals(MicroBatches.WHOLE)) {
      assertThatThrownBy(() -> session.training().step(Arrays.copyOf(images(), 2 * SIDE * SIDE), 0))
          .isInstanceOf(InvalidSetting.class)
          .hasMessageContaining("batch must be a multiple of 4, of so many parts");
    }
  }

  /** The case whose loss ties the decodings of three latent vectors of each image. */
  private static final String SEVERAL_SAMPLES = "several samples, in twos";

  static Stream<Arguments> gradientCases() {
    return Stream.of(
        Arguments.of(
            "recompute", DECODER, PoolSpec.NONE, MemoryPolicy.RECOMPUTE, MicroBatches.WHOLE),
        Arguments.of("pool", DECODER, POOL, MemoryPolicy.STORE, MicroBatches.WHOLE),
        Arguments.of(
            "settling, pool",
            DOUBLING.with(new DecoderSpec.Settle(1, 3, 2)).bounded(3),
            POOL,
            MemoryPolicy.STORE,
            IN_TWOS),
        Arguments.of("pool, in twos", DECODER, POOL, MemoryPolicy.STORE, IN_TWOS),
        Arguments.of("doubling", DOUBLING, PoolSpec.NONE, MemoryPolicy.STORE, MicroBatches.WHOLE),
        Arguments.of(SEVERAL_SAMPLES, DOUBLING, PoolSpec.NONE, MemoryPolicy.STORE, IN_TWOS));
  }

  /**
   * From weights that were trained a little: at first the last layer is zero, and stops gradients.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("gradientCases")
  void twoWorkers_giveEveryEntryOfTheGradientsOfOneProcess(
      String name, DecoderSpec decoder, PoolSpec pool, MemoryPolicy memory, MicroBatches division)
      throws IOException {
    // With beta1 = 0 the first moment is the last step's gradient. Nothing is clipped.
    TrainingStep.Settings settings =
        new TrainingStep.Settings(
                1, 1e9, memory, Precision.FLOAT32, new Adam.Settings(1e-3, 0, 0.999, 1e-8), pool)
            .with(
                name.equals(SEVERAL_SAMPLES) ? Objective.IWAE : Objective.ELBO,
                name.equals(SEVERAL_SAMPLES) ? 3 : 1);
    // A pool is divided, and divided alike only among as many devices.
    List<DeviceName> devices =
        pool.present() ? List.of(new DeviceName(false, 0), new DeviceName(false, 1)) : List.of();
    Path start = folder.resolve(name);
    Map<String, float[]> expected;
    try (VncaSession session = session(decoder, settings, devices, Optional.empty())) {
      session.initialize();
      for (int step = 0; step < 3; step++) {
        session.training().step(images(), step);
      }
      session.save(start, 3);
      session.training().step(images(), 3);
      expected = session.variables().values();
    }
    Optional<Cluster> cluster = Optional.of(cluster(2));
    try (VncaSession session = session(decoder, settings.in(division), List.of(), cluster)) {
      session.restore(start);
      requireDivided(session, division);
      session.training().step(images(), 3);
      assertSameGradients(session.variables().values(), expected);
    }
  }

  /** To rounding, measured by the largest entry of each gradient. */
  private static void assertSameGradients(Map<String, float[]> got, Map<String, float[]> expected) {
    List<String> moments =
        expected.keySet().stream().filter(name -> name.endsWith(Adam.FIRST_MOMENT)).toList();
    assertThat(moments).hasSizeGreaterThan(10);
    for (String moment : moments) {
      float[] values = expected.get(moment);
      float largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(largest).as(moment).isPositive();
      assertThat(got.get(moment)).as(moment).containsExactly(values, within(5e-6f * largest));
    }
  }

  /**
   * The results would be the same if the driver did all: so this looks at the graphs that
   * TensorFlow made for each process.
   */
  @Test
  void eachWorker_runsItsOwnForwardAndBackwardPass_andTheDriverHoldsTheWeights()
      throws IOException {
    Host host = host(List.of(), Optional.of(cluster(2)));
    requireOnWorkers(DOUBLING, settings(PoolSpec.NONE), host);
    requireOnWorkers(DECODER, settings(POOL).in(IN_TWOS), host);
  }

  private static void requireOnWorkers(
      DecoderSpec decoder, TrainingStep.Settings settings, Host host) {
    List<GraphDef> partitions = partitions(decoder, settings, host);
    List<NodeDef> all = Partitions.nodes(partitions, "");
    assertThat(Partitions.devices(all)).hasSize(3).contains(DRIVER);
    for (int i = 0; i < 2; i++) {
      String scope = "train/replica" + i + "/";
      List<NodeDef> nodes = Partitions.nodes(partitions, scope);
      assertThat(Partitions.devices(nodes))
          .as("where %s ran", scope)
          .containsExactly("/job:worker/replica:0/task:" + i + "/device:CPU:0");
      requireBothPasses(nodes, scope, settings);
    }
    requireOnDriver(all, "ResourceApplyAdam");
    requireOnDriver(all, "VarHandleOp");
  }

  /** One step as a session does it. */
  private static List<GraphDef> partitions(
      DecoderSpec decoder, TrainingStep.Settings settings, Host host) {
    Devices.Choice choice = Devices.choose(host);
    Vnca model = new Vnca(spec(decoder), INPUT, 1, choice.algorithm(host.convolutions()));
    try (OpenModel open = new OpenModel(model, INPUT, choice, host)) {
      Training training = new Training(open, settings, choice);
      new Variables(open, training.pooled()).initialize();
      training.poolHolds(new int[0]);
      try (Training.Fed fed = training.feed(images(), 0)) {
        return Partitions.of(fed.runner);
      }
    }
  }

  private static void requireBothPasses(
      List<NodeDef> nodes, String scope, TrainingStep.Settings settings) {
    int parts = settings.microBatches().count(2);
    requireConvolutions(nodes, scope + "encoder/", FORWARD);
    requireConvolutions(nodes, scope + "encoder_gradient/", BACKWARD);
    for (int i = 0; i < parts; i++) {
      String part = parts == 1 ? scope : scope + "micro" + i + "/";
      requireConvolutions(nodes, part + "decoder/", FORWARD);
      requireConvolutions(nodes, part + "decoder_gradient/", BACKWARD);
    }
  }

  private static void requireConvolutions(List<NodeDef> nodes, String scope, String operation) {
    assertThat(Partitions.convolutions(nodes, scope))
        .as("convolutions of " + scope)
        .extracting(NodeDef::getOp)
        .anyMatch(op -> op.matches(operation));
  }

  /** All of a kind, of which every parameter has one at least; a pool's are its workers'. */
  private static void requireOnDriver(List<NodeDef> nodes, String operation) {
    List<NodeDef> of =
        nodes.stream()
            .filter(node -> node.getOp().equals(operation) && !node.getName().startsWith("pool"))
            .toList();
    assertThat(of).as(operation).hasSizeGreaterThan(10);
    assertThat(Partitions.devices(of)).as("where each %s ran", operation).containsExactly(DRIVER);
  }

  @Test
  void workerKilledInMidStep_endsInAnError_andTheRestGoOn() throws Exception {
    Path saved = folder.resolve("saved");
    Cluster cluster = cluster(2);
    VncaSession session = session(POOL, Optional.of(cluster));
    session.initialize();
    session.training().step(images(), 0);
    session.save(saved, 1);
    CountDownLatch running = new CountDownLatch(2);
    CompletableFuture<Void> training =
        CompletableFuture.runAsync(
            () -> {
              for (int step = 1; ; step++) {
                session.training().step(images(), step);
                running.countDown();
              }
            });
    assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    workers.get(1).kill();
    assertThatThrownBy(() -> training.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("lost worker " + cluster.workers().get(1) + " (");
    session.close();

    Cluster rest =
        new Cluster(cluster.driver(), cluster.workers().subList(0, 1), cluster.timeout());
    try (VncaSession resumed = session(POOL, Optional.of(rest))) {
      resumed.restore(saved);
      assertThat(resumed.training().poolEntries()).hasSize(8);
      assertThat(resumed.training().step(images(), 1).finite()).isTrue();
    }
  }

  /** Its connections stay open, so that only the timeout tells. */
  @Test
  void frozenWorker_endsInAnErrorWithinTheTimeout() throws Exception {
    Cluster patient = cluster(2);
    Cluster cluster = new Cluster(patient.driver(), patient.workers(), Duration.ofSeconds(5));
    VncaSession session = session(PoolSpec.NONE, Optional.of(cluster));
    session.initialize();
    session.training().step(images(), 0);
    assumeThat(signal(workers.get(0), "STOP")).as("there is a kill command").isTrue();
    long began = System.nanoTime();
    assertThatThrownBy(() -> session.training().step(images(), 1))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("lost worker " + cluster.workers().get(0) + " (");
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(30));
    session.close();
  }

  private static boolean signal(Worker worker, String name) throws Exception {
    try {
      return new ProcessBuilder("kill", "-" + name, Long.toString(worker.process.pid()))
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void addressWithoutWorker_isRefusedAtOnce() throws IOException {
    Address nobody = new Address("127.0.0.1", ProcessServer.freePort());
    Cluster cluster = new Cluster(driver(), List.of(nobody), Duration.ofSeconds(60));
    assertThatThrownBy(() -> session(PoolSpec.NONE, Optional.of(cluster)))
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "worker %s does not answer (Connection refused); start it with: ./vnca worker --listen %s"
                .formatted(nobody, nobody));
  }

  @Test
  void portInUse_isRefused() throws IOException {
    Worker worker = worker();
    assertThatThrownBy(
            () -> Devices.serve(worker.address, new Host(DeviceRequest.setting(Device.CPU), 1)))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("port " + worker.address.port() + " cannot be listened on");
  }

  @Test
  void serverOfThisProcess_isTheSameAtItsAddressOnly() {
    Host host = new Host(DeviceRequest.setting(Device.CPU), 1);
    Address address = new Address("127.0.0.1", ProcessServer.freePort());
    ProcessServer server = Devices.serve(address, host);
    assertThat(Devices.serve(address, host)).isSameAs(server);
    // Guarded, it is not reached at the machine's other addresses.
    Address elsewhere = new Address("192.0.2.1", address.port());
    assertThatThrownBy(() -> Devices.serve(elsewhere, host))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("port " + address.port() + " cannot be listened on");
  }

  @Test
  void gpuOfAWorker_whereThereIsNone_isRefusedInTheWordsOfItsCommand() {
    NoGpu.assume();
    Address address = new Address("127.0.0.1", ProcessServer.freePort());
    assertThatThrownBy(() -> Devices.serve(address, new Host(DeviceRequest.option(Device.GPU), 1)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("--device is gpu, but ")
        .hasMessageEndingWith(", or use --device cpu");
  }

  /** TensorFlow listens on every address; the guard closes connections to all but loopback. */
  @Test
  void otherAddresses_ofALoopbackWorker_areGuarded() throws IOException {
    Worker worker = worker();
    Optional<InetAddress> other =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .findFirst();
    assumeThat(other).as("this machine has an address besides loopback").isPresent();
    assertThat(worker.guarded).isTrue();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(other.get(), worker.address.port()), 5_000);
      socket.setSoTimeout(5_000);
      assertThat(socket.getInputStream().read()).as("nothing but the end").isEqualTo(-1);
    }
    // TensorFlow itself greets with a frame of HTTP/2.
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), worker.address.port()), 5_000);
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isNotNegative();
    }
  }

  @Test
  void addresses_areParsed() {
    assertThat(Address.parse("host.domain:2222")).contains(new Address("host.domain", 2222));
    assertThat(Address.parse("[::1]:80").orElseThrow().loopback()).isTrue();
    assertThat(Address.parse("127.0.0.1:1").orElseThrow().loopback()).isTrue();
    assertThat(Address.parse("192.0.2.1:1").orElseThrow().loopback()).isFalse();
    for (String wrong : new String[] {"2222", ":1", "host:", "host:0", "host:65536", "::1:80"}) {
      assertThat(Address.parse(wrong)).as(wrong).isEmpty();
    }
  }

  private Cluster cluster(int count) throws IOException {
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(worker().address);
    }
    return new Cluster(driver(), addresses, Duration.ofSeconds(60));
  }

  private static Address driver() {
    return new Address("127.0.0.1", ProcessServer.freePort());
  }

  private Worker worker() throws IOException {
    Address address = new Address("127.0.0.1", ProcessServer.freePort());
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            WorkerMain.class.getName(),
            address.toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    Worker worker = new Worker(process, address, "ready, guarded: true".equals(line));
    workers.add(worker);
    assertThat(line).startsWith("ready");
    return worker;
  }

  private static VncaSession session(PoolSpec pool, Optional<Cluster> cluster) {
    return session(DECODER, settings(pool), List.of(), cluster);
  }

  private static TrainingStep.Settings settings(PoolSpec pool) {
    return settings(pool, new Adam.Settings(1e-3, 0.9, 0.999, 1e-8));
  }

  private static TrainingStep.Settings settings(PoolSpec pool, Adam.Settings adam) {
    return new TrainingStep.Settings(1, 10, MemoryPolicy.STORE, Precision.FLOAT32, adam, pool);
  }

  private static VncaSession session(
      DecoderSpec decoder,
      TrainingStep.Settings settings,
      List<DeviceName> devices,
      Optional<Cluster> cluster) {
    return VncaSession.forTraining(spec(decoder), INPUT, 1, settings, host(devices, cluster));
  }

  private static ModelSpec spec(DecoderSpec decoder) {
    return new ModelSpec(
        8, Posterior.LOG_VARIANCE, new EncoderSpec(2, 5), decoder, new LikelihoodSpec.Bernoulli());
  }

  private static Host host(List<DeviceName> devices, Optional<Cluster> cluster) {
    return new Host(
        DeviceRequest.setting(Device.CPU),
        1,
        ConvolutionAlgorithm.WINOGRAD,
        false,
        devices,
        cluster);
  }

  private static byte[] images() {
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (i % (3 + i / (SIDE * SIDE)) == 0 ? 1 : 0);
    }
    return images;
  }

  private record Worker(Process process, Address address, boolean guarded) {
    void kill() {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
