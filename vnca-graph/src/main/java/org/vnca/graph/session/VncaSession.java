package org.vnca.graph.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.description.ModelDescription;
import org.vnca.graph.device.DeviceException;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.serving.Serving;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.training.Reading;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.ModelFlops;
import org.vnca.graph.vae.Vnca;

/**
 * A model with its variables on a device, from opening to closing. What it computes is asked of its
 * parts: {@link #training}, {@link #sampling}, {@link #study} and {@link #variables}. They end with
 * it.
 *
 * <p>Images go in as stored, uint8, channels last, one after another in an array; likelihoods and
 * bounds come out in nats, pictures in [0, 1].
 *
 * <p>Parts of the graph are built when they are first asked for. Not for use by several threads at
 * once.
 */
public final class VncaSession implements AutoCloseable {
  private final String device;
  private final OpenModel open;
  private final Optional<Training> training;
  private final Variables variables;
  private final Sampling sampling;
  private StudySession study;
  private Serving serving;

  private VncaSession(
      ModelSpec spec,
      InputSpec input,
      long seed,
      int side,
      Optional<TrainingStep.Settings> settings,
      Host host) {
    Devices.Choice choice =
        Devices.choose(
            host,
            new Devices.Work(
                settings
                    .map(each -> OptionalInt.of(each.microBatches().divisible()))
                    .orElse(OptionalInt.empty()),
                ModelFlops.decoder(spec, input.padded())));
    Vnca model =
        new Vnca(
            spec,
            input,
            seed,
            choice.algorithm(host.convolutions()),
            new Lanes(choice.lanes()),
            side);
    this.device = choice.name();
    this.open = new OpenModel(model, input, choice, host);
    try {
      this.training =
          settings.map(wanted -> new Training(open, wanted.compiled(host.xla()), choice));
      this.variables = new Variables(open, training.map(Training::pooled).orElse(false));
      this.sampling = new Sampling(open, choice.gpu());
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
   * Variables}.
   *
   * @throws org.vnca.graph.description.NoDescription if the decoder is no automaton, or a part does
   *     not say how it is computed; the message names it
   */
  public ModelDescription description() {
    return open.build(Vnca::description);
  }

  /** Whether it makes images of another side than the data's. */
  public boolean grown() {
    return open.grown();
  }

  /** Gives every variable its first value, and empties the pool. */
  public void initialize() {
    variables.initialize();
    training.ifPresent(steps -> steps.poolHolds(new int[0]));
  }

  /**
   * Training steps.
   *
   * @throws IllegalStateException if the session was not opened for training
   */
  public Training training() {
    return training.orElseThrow(
        () -> new IllegalStateException("this session was opened for evaluation"));
  }

  /** Measures and draws: importance samples, latent vectors, images and how they grow. */
  public Sampling sampling() {
    return sampling;
  }

  /** Values of the model's variables as arrays, by their names. */
  public Variables variables() {
    return variables;
  }

  /**
   * The same model with its states as data.
   *
   * @throws IllegalStateException if it was opened for images of another side than the data's
   */
  public StudySession study() {
    open.requireNotGrown();
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
    int[] order = training.map(Training::poolEntries).orElse(new int[0]);
    variables.save(prefix, step, order);
  }

  /**
   * Reads all variables: those of the model, and the optimizer's if opened for training.
   *
   * @param prefix as in {@link #save}
   */
  public void restore(Path prefix) {
    restore(prefix, Reading.AS_WRITTEN);
  }

  /**
   * Reads all variables, some from other tensors than those of their names.
   *
   * @param prefix as in {@link #save}
   */
  public void restore(Path prefix, Reading reading) {
    int[] order = variables.restore(prefix, reading);
    training.ifPresent(steps -> steps.poolHolds(order));
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
      serving = open.build(Serving::build);
    }
    SavedModelFile.write(
        directory, open.model().graph().toGraphDef(), variables.weights(), serving);
    return serving.ports();
  }

  /** With workers that are lost, what they hold stays until the process ends. */
  @Override
  public void close() {
    open.close();
  }
}
