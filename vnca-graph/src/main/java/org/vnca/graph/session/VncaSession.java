package org.vnca.graph.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.description.ModelDescription;
import org.vnca.graph.device.DeviceException;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.serving.ImportanceSampling;
import org.vnca.graph.serving.Serving;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.training.StepRates;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;

/**
 * A model with its variables on a device. Images go in as stored, uint8, channels last, one after
 * another in an array; numbers come out in nats, pictures in [0, 1].
 *
 * <p>Parts of the graph are built when they are first asked for. Not for use by several threads at
 * once.
 */
public final class VncaSession implements AutoCloseable {
  /** Bytes of the widest maps that are decoded at a time: beyond a CPU's caches, it is slower. */
  private static final long MAPS_ON_A_CPU = 32L << 20;

  private static final long MAPS_ON_A_GPU = 1L << 30;

  private final String device;
  private final OpenModel open;
  private final Optional<Training> training;
  private final Variables variables;
  private final Sampling sampling;
  private final boolean gpu;
  private final boolean grown;
  private StudySession study;

  private VncaSession(
      ModelSpec spec,
      InputSpec input,
      long seed,
      int side,
      Optional<TrainingStep.Settings> settings,
      Host host) {
    Devices.Choice choice = Devices.choose(host);
    Vnca model = new Vnca(spec, input, seed, choice.algorithm(host.convolutions()), side);
    this.grown = side != input.padded().height();
    this.device = choice.name();
    this.gpu = choice.gpu();
    this.open = new OpenModel(model, input, choice, host);
    try {
      this.training = settings.map(wanted -> new Training(open, wanted, choice));
      this.variables = new Variables(open, training.map(Training::pooled).orElse(false));
      this.sampling = new Sampling(open, this::decodings);
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
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
    int side = input.padded().height();
    return new VncaSession(spec, input, seed, side, Optional.of(settings), host);
  }

  /**
   * Opens a model for measuring and drawing, on one device: the optimizer's variables are not
   * there.
   */
  public static VncaSession forEvaluation(ModelSpec spec, InputSpec input, long seed, Host host) {
    return forImagesOf(input.padded().height(), spec, input, seed, host);
  }

  /**
   * Opens a model for drawing images of another side than it was trained for: the same parameters
   * on another grid. Only what knows no image of the data can be asked of it then: the prior,
   * images and growth of latent vectors.
   *
   * @param side of the images
   * @throws InvalidSetting if the decoder cannot make them
   */
  public static VncaSession forImagesOf(
      int side, ModelSpec spec, InputSpec input, long seed, Host host) {
    return new VncaSession(spec, input, seed, side, Optional.empty(), host.alone());
  }

  /** The device in words, such as {@code CPU AMD EPYC} or {@code GPU 0}. */
  public String device() {
    return device;
  }

  /**
   * How many images one run of the graph decodes best. No more than whose largest maps fit 32 MiB
   * together on a CPU, where more are slower, and 1 GiB on a GPU.
   *
   * @param wanted at most so many
   */
  public int decodings(int wanted) {
    ModelSpec spec = open.model().spec();
    ImageShape image = image();
    long map =
        (long) Float.BYTES
            * image.height()
            * image.width()
            * spec.decoder().widestChannels(spec.latent());
    long fit = (gpu ? MAPS_ON_A_GPU : MAPS_ON_A_CPU) / map;
    return (int) Math.min(wanted, Math.max(1, fit));
  }

  /** Trainable numbers. */
  public long parameterCount() {
    return open.model().trainable().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** Shape of an image inside the model. */
  public ImageShape image() {
    return open.model().image();
  }

  /**
   * How the model decodes, for programs without TensorFlow; parameters are named as in {@link
   * #variables}.
   *
   * @throws org.vnca.graph.description.NoDescription if the decoder is no automaton, or a part does
   *     not say how it is computed; the message names it
   */
  public ModelDescription description() {
    return open.build(Vnca::description);
  }

  /** Whether it makes images of another side than the data's. */
  public boolean grown() {
    return grown;
  }

  /** Gives every variable its first value, and empties the pool. */
  public void initialize() {
    variables.initialize();
    training.ifPresent(steps -> steps.poolHolds(new int[0]));
  }

  /**
   * One training step.
   *
   * @param images {@code [B, h, w, channels]}, the whole array
   * @param step counts from 0
   * @throws IllegalStateException if the session was not opened for training
   * @throws InvalidSetting if the devices cannot share the batch equally
   */
  public StepValues train(byte[] images, long step) {
    return training().train(images, step);
  }

  /**
   * One training step at rates of its own.
   *
   * @param images {@code [B, h, w, channels]}, the whole array
   * @param step counts from 0
   * @param rates learning rate, weight of the KL term, and the guard's limit
   * @return the values of the step, also if the guard found that it must not be taken ({@link
   *     StepRates#skips})
   */
  public StepValues train(byte[] images, long step, StepRates rates) {
    return training().train(images, step, rates);
  }

  /**
   * As {@link #train(byte[], long)}, with TensorFlow's statistics of the step in place of its
   * values.
   */
  public StepTrace trace(byte[] images, long step) {
    return training().trace(images, step);
  }

  private Training training() {
    return training.orElseThrow(
        () -> new IllegalStateException("this session was opened for evaluation"));
  }

  /**
   * Importance samples of some images. An image's values depend on the seed, its number and the
   * samples' numbers, not on what else is in the batch.
   *
   * @param images {@code [B, h, w, channels]}
   * @param numbers which image of its split each is, {@code [B]}
   * @param firstSample number of the first sample, a multiple of {@link ImportanceSampling#BLOCK}
   * @param samples S, how many of each image
   */
  public SampleValues importanceSamples(
      byte[] images, long[] numbers, long firstSample, int samples) {
    requireNotGrown();
    return sampling.importanceSamples(images, numbers, firstSample, samples);
  }

  private void requireNotGrown() {
    if (grown) {
      throw new IllegalStateException(
          "this session was opened for images of another side than the data's");
    }
  }

  /** As {@link #importanceSamples} from the first sample on, with TensorFlow's statistics. */
  public StepTrace traceImportanceSamples(byte[] images, long[] numbers, int samples) {
    return sampling.traceImportanceSamples(images, numbers, samples);
  }

  /** Latent vectors drawn from the prior, one for each number: {@code [N, Z]}. */
  public float[][] prior(long[] numbers) {
    return sampling.prior(numbers);
  }

  /** Mean of q(z|x) of stored images: {@code [N, Z]}. */
  public float[][] posteriorMeans(byte[] images) {
    return sampling.posteriorMeans(images);
  }

  /** Stored images as the model sees them: {@code [N, H W channels]} in [0, 1]. */
  public float[][] pixels(byte[] images) {
    return sampling.pixels(images);
  }

  /** Mean images of p(x|z): {@code [N, H W channels]} in [0, 1]. */
  public float[][] means(float[][] latents) {
    return sampling.means(latents);
  }

  /**
   * Images drawn from p(x|z): {@code [N, H W channels]} in [0, 1].
   *
   * @param numbers of the draws, {@code [N]}
   */
  public float[][] samples(float[][] latents, long[] numbers) {
    return sampling.samples(latents, numbers);
  }

  /**
   * TensorFlow's statistics of the first run of {@link #samples}: of its {@link #decodings}, which
   * no later run has more of.
   */
  public StepTrace traceSamples(float[][] latents, long[] numbers) {
    return sampling.traceSamples(latents, numbers);
  }

  /** Whether the decoder is an automaton, so that {@link #growth} has something to show. */
  public boolean grows() {
    return sampling.grows();
  }

  /**
   * Mean images of every state on the way from one latent vector, stage by stage.
   *
   * @throws IllegalStateException if the decoder is no automaton
   */
  public List<GrowthStage> growth(float[] latent) {
    return sampling.growth(latent);
  }

  /**
   * The same model with its states as data.
   *
   * @throws IllegalStateException if it was opened for images of another side than the data's
   */
  public StudySession study() {
    requireNotGrown();
    if (study == null) {
      study = new StudySession(open);
    }
    return study;
  }

  /**
   * Writes all variables.
   *
   * @param prefix path of the checkpoint without the endings that TensorFlow adds
   * @param step saved beside them
   */
  public void save(Path prefix, long step) {
    variables.save(prefix, step, poolEntries());
  }

  /**
   * Reads all variables: those of the model, and the optimizer's if opened for training.
   *
   * @param prefix as in {@link #save}
   */
  public void restore(Path prefix) {
    int[] order = variables.restore(prefix);
    training.ifPresent(steps -> steps.poolHolds(order));
  }

  /** Shapes of the trainable parameters by their names: the encoder's, then the decoder's. */
  public Map<String, int[]> trainableShapes() {
    return variables.trainableShapes();
  }

  /**
   * Gives trainable parameters values.
   *
   * @param values by their names, flattened row by row
   */
  public void assign(Map<String, float[]> values) {
    variables.assign(values);
  }

  /** Every variable by its name, sorted, flattened row by row. */
  public Map<String, float[]> variables() {
    return variables.all();
  }

  /** The slots that hold the pool's entries, in the pool's order; empty without a pool. */
  public int[] poolEntries() {
    return training.map(Training::poolEntries).orElse(new int[0]);
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
    return variables.export(directory);
  }

  /** With workers that are lost, what they hold stays until the process ends. */
  @Override
  public void close() {
    open.close();
  }

  /**
   * What a training step computed, in nats per image, averaged over the batch, before the update.
   *
   * @param loss reconstruction + beta KL
   * @param reconstruction -log p(x|z)
   * @param kl KL(q(z|x) || p(z))
   * @param gradientNorm of all gradients together, before clipping
   * @param dropped how many entries were not put back into the pool
   */
  public record StepValues(
      float loss, float reconstruction, float kl, float gradientNorm, int dropped) {
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
  public record SampleValues(float[][] logLikelihood, float[][] logPriorRatio, float[] kl) {}

  /**
   * A stage of growth: the images after its beginning (a seed or a doubling) and after each step.
   *
   * @param side of the grid
   * @param images {@code [M + 1, side side channels]} in [0, 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record GrowthStage(int side, float[][] images) {}
}
