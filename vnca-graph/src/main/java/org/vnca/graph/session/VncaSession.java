package org.vnca.graph.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tensorflow.GraphAccess;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.ImageShape;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.vae.Generation;
import org.vnca.graph.vae.ImportanceSampling;
import org.vnca.graph.vae.Placement;
import org.vnca.graph.vae.PoolOrder;
import org.vnca.graph.vae.PoolOrders;
import org.vnca.graph.vae.PoolPorts;
import org.vnca.graph.vae.Serving;
import org.vnca.graph.vae.Storage;
import org.vnca.graph.vae.Study;
import org.vnca.graph.vae.TrainingStep;
import org.vnca.graph.vae.Vnca;

/**
 * A model with its variables on a device. Images go in as stored, uint8, channels last, one after
 * another in an array; figures come out in nats, pictures in [0, 1].
 *
 * <p>Parts of the graph are built when they are first asked for. Not for use by several threads at
 * once.
 */
public final class VncaSession implements AutoCloseable {
  private final Vnca model;
  private final InputSpec input;
  private final Session session;
  private final String device;
  private final Placement placement;

  /** Of how many equal parts a batch must be. */
  private final int divisor;

  private final Optional<Cluster> cluster;
  private final TrainingStep training;
  private final Storage storage;
  private final Op initialize;
  private ImportanceSampling bound;
  private Generation generation;
  private StudySession study;
  private Serving serving;
  private PoolOrders pool;
  private Assignment assignment;
  private boolean broken;

  private VncaSession(
      ModelSpec spec, InputSpec input, long seed, TrainingStep.Settings settings, Host host) {
    this.input = input;
    Devices.Choice choice = Devices.choose(host);
    this.device = choice.name();
    this.cluster = choice.cluster();
    this.placement = settings == null ? Placement.ANYWHERE : choice.placement();
    this.model = new Vnca(spec, input, seed, choice.algorithm(host.convolutions()));
    boolean pooled = settings != null && settings.pool().present();
    this.pool = pooled ? PoolOrders.empty(settings.pool(), placement.parts()) : null;
    TrainingStep.Settings each = settings == null ? null : choice.settings(settings);
    this.divisor =
        settings == null ? 1 : placement.parts() * each.microBatches().count(placement.parts());
    this.training = settings == null ? null : TrainingStep.build(model, each, placement);
    this.storage = Storage.build(model, pooled);
    this.initialize = model.parameters().initialize();
    // What has no device yet belongs to all devices together.
    Placement.placeRest(model.graph(), placement.home());
    this.session =
        GraphAccess.session(model.graph(), Devices.config(choice, host.threads()), choice.target());
  }

  /**
   * Opens a model for training; its variables have no values until {@link #initialize} or {@link
   * #restore}.
   *
   * @param input how stored images enter the model
   * @param seed from which first values and every draw follow
   * @throws DeviceException if the device cannot be used
   */
  public static VncaSession forTraining(
      ModelSpec spec, InputSpec input, long seed, TrainingStep.Settings settings, Host host) {
    return new VncaSession(spec, input, seed, settings, host);
  }

  /**
   * Opens a model for measuring and drawing, on one device: the optimizer's variables are not
   * there.
   */
  public static VncaSession forEvaluation(ModelSpec spec, InputSpec input, long seed, Host host) {
    return new VncaSession(spec, input, seed, null, host.alone());
  }

  /** The device in words, such as {@code CPU AMD EPYC} or {@code GPU 0}. */
  public String device() {
    return device;
  }

  /** Trainable numbers. */
  public long parameterCount() {
    return model.trainable().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** Shape of an image inside the model. */
  public ImageShape image() {
    return model.image();
  }

  /** Gives every variable its first value, and empties the pool. */
  public void initialize() {
    run(session.runner().addTarget(initialize)).close();
    if (pool != null) {
      pool = pool.with(new int[0]);
    }
  }

  /**
   * One training step.
   *
   * @param images {@code [B, h, w, channels]}, the whole array
   * @param step counts from 0
   * @throws IllegalStateException if the session was not opened for training
   * @throws InvalidSetting if the devices cannot share the batch equally
   */
  public StepFigures train(byte[] images, long step) {
    return step(images, step, this::figures);
  }

  /** As {@link #train}, with TensorFlow's statistics of the step in place of its figures. */
  public StepTrace trace(byte[] images, long step) {
    return step(images, step, StepTrace::of);
  }

  private <T> T step(byte[] images, long step, Function<Session.Runner, T> run) {
    if (training == null) {
      throw new IllegalStateException("this session was opened for evaluation");
    }
    try (TUint8 batch = images(images);
        TInt64 number = TInt64.scalarOf(step)) {
      long count = batch.shape().get(0);
      InvalidSetting.requireDivisible("batch", count, placement.parts());
      if (count % divisor != 0) {
        throw new InvalidSetting(
            "batch",
            "must be a multiple of " + divisor + ", of so many parts as it is computed in",
            count,
            List.of());
      }
      Session.Runner runner =
          session
              .runner()
              .feed(training.images(), batch)
              .feed(training.step(), number)
              .fetch(training.loss())
              .fetch(training.reconstruction())
              .fetch(training.kl())
              .fetch(training.gradientNorm())
              .addTarget(training.update());
      return pool == null
          ? run.apply(runner)
          : pooled(runner, Math.toIntExact(batch.shape().get(0)), step, run);
    }
  }

  /** The pool's order changes only once its variables have changed. */
  private <T> T pooled(
      Session.Runner runner, int batch, long step, Function<Session.Runner, T> run) {
    List<PoolOrder.Turn> turns = pool.turns(batch, model.seed(), step);
    List<TInt32> fed = new ArrayList<>();
    try {
      for (int i = 0; i < turns.size(); i++) {
        PoolPorts ports = training.pools().get(i);
        PoolOrder.Turn turn = turns.get(i);
        feed(runner, ports.read(), turn.read(), fed);
        feed(runner, ports.rows(), turn.rows(), fed);
        feed(runner, ports.slots(), turn.slots(), fed);
      }
      T result = run.apply(runner);
      pool = pool.after(turns);
      return result;
    } finally {
      fed.forEach(TInt32::close);
    }
  }

  private static void feed(
      Session.Runner runner, Operand<TInt32> port, int[] values, List<TInt32> fed) {
    TInt32 tensor = TInt32.vectorOf(values);
    fed.add(tensor);
    runner.feed(port, tensor);
  }

  private StepFigures figures(Session.Runner runner) {
    try (Result result = run(runner)) {
      return new StepFigures(
          scalar(result, 0), scalar(result, 1), scalar(result, 2), scalar(result, 3));
    }
  }

  /**
   * Importance samples of some images. An image's figures depend on the seed, its number and the
   * samples' numbers, not on what else is in the batch.
   *
   * @param images {@code [B, h, w, channels]}
   * @param numbers which image of its split each is, {@code [B]}
   * @param firstSample number of the first sample, a multiple of {@link ImportanceSampling#BLOCK}
   * @param samples S, how many of each image
   */
  public SampleFigures importanceSamples(
      byte[] images, long[] numbers, long firstSample, int samples) {
    if (firstSample % ImportanceSampling.BLOCK != 0) {
      throw new IllegalArgumentException(
          "the first sample's number must be a multiple of "
              + ImportanceSampling.BLOCK
              + ", but is "
              + firstSample);
    }
    if (bound == null) {
      bound = placed(() -> ImportanceSampling.build(model));
    }
    try (TUint8 batch = images(images);
        TInt64 which = TInt64.vectorOf(numbers);
        TInt64 first = TInt64.scalarOf(firstSample);
        TInt32 count = TInt32.scalarOf(samples);
        Result result =
            session
                .runner()
                .feed(bound.images(), batch)
                .feed(bound.numbers(), which)
                .feed(bound.first(), first)
                .feed(bound.samples(), count)
                .fetch(bound.logLikelihood())
                .fetch(bound.logPriorRatio())
                .fetch(bound.kl())
                .run()) {
      return new SampleFigures(rows(result, 0), rows(result, 1), flat(result, 2));
    }
  }

  /** Latent vectors drawn from the prior, one for each number: {@code [N, Z]}. */
  public float[][] prior(long[] numbers) {
    try (TInt64 which = TInt64.vectorOf(numbers);
        Result result =
            session
                .runner()
                .feed(generation().numbers(), which)
                .fetch(generation().prior())
                .run()) {
      return rows(result, 0);
    }
  }

  /** Mean of q(z|x) of stored images: {@code [N, Z]}. */
  public float[][] posteriorMeans(byte[] images) {
    try (TUint8 batch = images(images);
        Result result =
            session
                .runner()
                .feed(generation().images(), batch)
                .fetch(generation().posteriorMean())
                .run()) {
      return rows(result, 0);
    }
  }

  /** Stored images as the model sees them: {@code [N, H W channels]} in [0, 1]. */
  public float[][] pixels(byte[] images) {
    try (TUint8 batch = images(images);
        Result result =
            session
                .runner()
                .feed(generation().images(), batch)
                .fetch(generation().pixels())
                .run()) {
      return rows(result, 0);
    }
  }

  /** Mean images of p(x|z): {@code [N, H W channels]} in [0, 1]. */
  public float[][] means(float[][] latents) {
    try (TFloat32 z = matrix(latents);
        Result result =
            session.runner().feed(generation().latents(), z).fetch(generation().mean()).run()) {
      return rows(result, 0);
    }
  }

  /**
   * Images drawn from p(x|z): {@code [N, H W channels]} in [0, 1].
   *
   * @param numbers of the draws, {@code [N]}
   */
  public float[][] samples(float[][] latents, long[] numbers) {
    try (TFloat32 z = matrix(latents);
        TInt64 which = TInt64.vectorOf(numbers);
        Result result =
            session
                .runner()
                .feed(generation().latents(), z)
                .feed(generation().numbers(), which)
                .fetch(generation().sample())
                .run()) {
      return rows(result, 0);
    }
  }

  /** Whether the decoder is an automaton, so that {@link #growth} has something to show. */
  public boolean grows() {
    return model.spec().decoder().cellular();
  }

  /**
   * Mean images of every state on the way from one latent vector, stage by stage.
   *
   * @throws IllegalStateException if the decoder is no automaton
   */
  public List<GrowthStage> growth(float[] latent) {
    if (!grows()) {
      throw new IllegalStateException(
          "growth needs a cellular decoder, but this model's decoder is convolutional: its hidden"
              + " maps are no images");
    }
    Session.Runner runner = session.runner();
    generation().growth().forEach(runner::fetch);
    try (TFloat32 z = matrix(new float[][] {latent});
        Result result = runner.feed(generation().latents(), z).run()) {
      List<GrowthStage> stages = new ArrayList<>();
      for (int i = 0; i < result.size(); i++) {
        Shape shape = result.get(i).shape();
        stages.add(new GrowthStage(Math.toIntExact(shape.get(2)), rows(result, i)));
      }
      return stages;
    }
  }

  /**
   * Writes all variables.
   *
   * @param prefix path of the checkpoint without the endings that TensorFlow adds
   * @param step saved beside them
   */
  public void save(Path prefix, long step) {
    try (TString path = TString.scalarOf(prefix.toString());
        TInt64 number = TInt64.scalarOf(step);
        TInt32 order = TInt32.vectorOf(pool == null ? new int[0] : pool.entries())) {
      Session.Runner runner =
          session
              .runner()
              .feed(storage.prefix(), path)
              .feed(storage.step(), number)
              .addTarget(storage.save());
      storage.pool().ifPresent(stored -> runner.feed(stored.given(), order));
      run(runner).close();
    }
  }

  /**
   * Reads all variables: those of the model, and the optimizer's if opened for training.
   *
   * @param prefix as in {@link #save}
   */
  public void restore(Path prefix) {
    try (TString path = TString.scalarOf(prefix.toString())) {
      Session.Runner runner =
          session.runner().feed(storage.prefix(), path).addTarget(storage.restore());
      storage.pool().ifPresent(stored -> runner.fetch(stored.restored()));
      try (Result result = run(runner)) {
        if (storage.pool().isPresent()) {
          pool = pool.with(whole((TInt32) result.get(0)));
        }
      }
    }
  }

  /** Shapes of the trainable parameters by their names: the encoder's, then the decoder's. */
  public Map<String, int[]> trainableShapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (Parameter parameter : model.trainable()) {
      int[] shape = Arrays.stream(parameter.shape().asArray()).mapToInt(Math::toIntExact).toArray();
      shapes.put(parameter.name(), shape);
    }
    return shapes;
  }

  /**
   * Gives trainable parameters values.
   *
   * @param values by their names, flattened row by row
   */
  public void assign(Map<String, float[]> values) {
    if (assignment == null) {
      assignment = placed(() -> Assignment.build(model));
    }
    assignment.run(session, values);
  }

  /**
   * Writes the model as a TensorFlow SavedModel with its weights as constants; {@link Serving} says
   * what can be called.
   *
   * @param directory made if it is not there
   * @return what can be called, with the names of what goes in and comes out
   * @throws IOException if it cannot be written
   */
  public List<Serving.Port> export(Path directory) throws IOException {
    if (serving == null) {
      serving = placed(() -> Serving.build(model));
    }
    Map<String, SavedModelFile.Weight> weights = new TreeMap<>();
    for (Parameter parameter : model.trainable()) {
      try (Result result = session.runner().fetch(parameter.value()).run()) {
        weights.put(
            parameter.value().asOutput().op().name(),
            new SavedModelFile.Weight(parameter.shape(), flat(result, 0)));
      }
    }
    SavedModelFile.write(directory, model.graph().toGraphDef(), weights, serving);
    return serving.ports();
  }

  /** The slots that hold the pool's entries, in the pool's order; empty without a pool. */
  public int[] poolEntries() {
    return pool == null ? new int[0] : pool.entries();
  }

  /** Every variable by its name, sorted, flattened row by row. */
  public Map<String, float[]> variables() {
    Map<String, float[]> values = new TreeMap<>();
    for (Parameter parameter : model.parameters().all()) {
      try (Result result = session.runner().fetch(parameter.value()).run()) {
        values.put(parameter.name(), flat(result, 0));
      }
    }
    return values;
  }

  private Generation generation() {
    if (generation == null) {
      generation = placed(() -> Generation.build(model));
    }
    return generation;
  }

  /** The same model with its states as data. */
  public StudySession study() {
    if (study == null) {
      study = new StudySession(this, session, placed(() -> Study.build(model)));
    }
    return study;
  }

  /** Stored images as a tensor, which the caller closes. */
  TUint8 images(byte[] images) {
    int size = input.stored().dimensions();
    if (images.length == 0 || images.length % size != 0) {
      throw new IllegalArgumentException(
          "images of "
              + input.stored()
              + " need a multiple of "
              + size
              + " bytes, but there are "
              + images.length);
    }
    Shape shape =
        Shape.of(
            images.length / size,
            input.stored().height(),
            input.stored().width(),
            input.stored().channels());
    return TUint8.tensorOf(shape, DataBuffers.of(images));
  }

  /** Rows as a tensor, which the caller closes. */
  static TFloat32 matrix(float[][] rows) {
    int width = rows[0].length;
    float[] values = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * width, width);
    }
    return TFloat32.tensorOf(Shape.of(rows.length, width), DataBuffers.of(values));
  }

  private static float scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /** A tensor as one array. */
  static float[] flat(Result result, int index) {
    TFloat32 tensor = (TFloat32) result.get(index);
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  private static int[] whole(TInt32 tensor) {
    int[] values = new int[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }

  /** A tensor as rows along its first axis. */
  static float[][] rows(Result result, int index) {
    float[] values = flat(result, index);
    int count = Math.toIntExact(result.get(index).shape().get(0));
    int width = count == 0 ? 0 : values.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
    }
    return rows;
  }

  private <T> T placed(Supplier<T> part) {
    return Placement.on(model.graph(), placement.home(), part);
  }

  /** Runs what may need the workers, and says which are lost if they do not answer. */
  private Result run(Session.Runner runner) {
    if (cluster.isEmpty()) {
      return runner.run();
    }
    try {
      return runner
          .setOptions(
              RunOptions.newBuilder().setTimeoutInMs(cluster.get().timeout().toMillis()).build())
          .run();
    } catch (TensorFlowException e) {
      ClusterException lost = Workers.lost(cluster.get(), e);
      broken = true;
      throw lost;
    }
  }

  /** With workers that are lost, what they hold stays until the process ends. */
  @Override
  public void close() {
    if (!broken) {
      session.close();
      model.close();
    }
  }

  /**
   * Where a session runs.
   *
   * @param device what is wanted
   * @param threads of the CPU, or 0 for all; the number changes the last bits of results
   * @param convolutions how those of update nets are computed on a CPU
   * @param devices among which training divides a batch, instead of {@code device}; empty for none
   * @param cluster the workers among which training divides a batch, if there are any; {@code
   *     device} and {@code threads} are this process's then
   */
  public record Host(
      Device device,
      int threads,
      ConvolutionAlgorithm convolutions,
      List<DeviceName> devices,
      Optional<Cluster> cluster) {
    public Host {
      devices = List.copyOf(devices);
    }

    /** On one device. */
    public Host(Device device, int threads) {
      this(device, threads, ConvolutionAlgorithm.WINOGRAD, List.of(), Optional.empty());
    }

    /** The one device, without others. */
    Host alone() {
      return new Host(device, threads, convolutions, List.of(), Optional.empty());
    }
  }

  /**
   * Figures of a training step, in nats per image, averaged over the batch, before the update.
   *
   * @param loss reconstruction + beta KL
   * @param reconstruction -log p(x|z)
   * @param kl KL(q(z|x) || p(z))
   * @param gradientNorm of all gradients together, before clipping
   */
  public record StepFigures(float loss, float reconstruction, float kl, float gradientNorm) {
    /** Whether loss and gradients are finite numbers. */
    public boolean finite() {
      return Float.isFinite(loss) && Float.isFinite(gradientNorm);
    }
  }

  /**
   * Importance samples, nats.
   *
   * @param logLikelihood {@code [B, S]}: log p(x|z)
   * @param logPriorRatio {@code [B, S]}: log p(z) - log q(z|x)
   * @param kl {@code [B]}: KL(q(z|x) || p(z))
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record SampleFigures(float[][] logLikelihood, float[][] logPriorRatio, float[] kl) {}

  /**
   * A stage of growth: the images after its beginning (a seed or a doubling) and after each step.
   *
   * @param side of the grid
   * @param images {@code [M + 1, side side channels]} in [0, 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record GrowthStage(int side, float[][] images) {}
}
