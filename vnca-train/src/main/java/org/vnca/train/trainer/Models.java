package org.vnca.train.trainer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.vnca.base.image.ImageShape;
import org.vnca.data.ImageDataset;
import org.vnca.data.Pixels;
import org.vnca.data.Split;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.Reading;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.TrainSettings;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunException;

/** Opens the model of an experiment. */
public final class Models {
  /** Name of a checkpoint's variables, without the endings that TensorFlow adds. */
  public static final String VARIABLES = "variables";

  /** Decodings of a micro-batch on a CPU, at least: fewer are slower, more are no faster. */
  private static final int AT_A_TIME = 8;

  /** How many checkpoints are tried that a training deletes before they are read. */
  private static final int RESTORES = 20;

  private static final String HEIGHT = "imageHeight";
  private static final String WIDTH = "imageWidth";
  private static final String CHANNELS = "imageChannels";
  private static final String BINARY = "imageBinary";

  /** A checkpoint's fact that it has the average of its weights: the average's decay. */
  static final String AVERAGE = "averageDecay";

  private Models() {}

  /** How images of a split, as {@link RunImages} has it, enter the model. */
  public static InputSpec input(Experiment experiment, Split split) {
    return in(
        "data",
        () ->
            new InputSpec(
                split.image(), experiment.data().padTo(), split.pixels() == Pixels.BINARY));
  }

  /** Does what sees one group of the settings, and so does not name it in its faults. */
  private static <T> T in(String group, Supplier<T> work) {
    try {
      return work.get();
    } catch (InvalidSetting e) {
      throw e.in(group);
    }
  }

  private static void requireModelFits(Experiment experiment, InputSpec input) {
    try {
      Vnca.requireFits(experiment.model(), input);
    } catch (InvalidSetting e) {
      throw e.in("model");
    }
  }

  /**
   * Refuses an experiment that does not suit its data, without building or training anything.
   *
   * @throws org.vnca.data.fault.DatasetException if the dataset or one of the splits is not there
   * @throws InvalidSetting if the model does not suit the images; the setting is a path from the
   *     experiment, such as {@code data.padTo}
   */
  public static void requireFits(Experiment experiment) {
    try (ImageDataset dataset = ImageDataset.open(experiment.data().file())) {
      InputSpec input = input(experiment, RunImages.trainingSplits(experiment, dataset).get(0));
      dataset.split(experiment.data().validation());
      if (experiment.evaluation().afterTraining()) {
        dataset.split(experiment.evaluation().split());
      }
      requireModelFits(experiment, input);
      requirePoolFits(experiment.train().pool(), input);
      RunImages.requireAugmentFits(experiment, input);
    }
  }

  private static void requirePoolFits(PoolSpec pool, InputSpec input) {
    int side = input.padded().height();
    if (pool.present() && pool.damage() > side) {
      throw new InvalidSetting(
          "train.pool.damage",
          "must be at most " + side + ", the side of the images",
          pool.damage());
    }
  }

  /** What a checkpoint notes, so that the model can be opened without the data. */
  static Map<String, Object> facts(InputSpec input) {
    return new TreeMap<>(
        Map.of(
            HEIGHT, input.stored().height(),
            WIDTH, input.stored().width(),
            CHANNELS, input.stored().channels(),
            BINARY, input.binary() ? 1 : 0));
  }

  /**
   * Opens the model for training, without values.
   *
   * @param batch images of every step, whatever the experiment says
   */
  public static VncaSession training(Experiment experiment, InputSpec input, int batch) {
    return training(experiment, input, batch, Optional.empty());
  }

  /** Opens the model for training with workers, if there are any, without values. */
  static VncaSession training(Experiment experiment, InputSpec input, Optional<Cluster> cluster) {
    return training(experiment, input, experiment.train().batch(), cluster);
  }

  private static VncaSession training(
      Experiment experiment, InputSpec input, int batch, Optional<Cluster> cluster) {
    TrainSettings train = experiment.train();
    requirePoolFits(train.pool(), input);
    RunImages.requireAugmentFits(experiment, input);
    cluster.ifPresent(workers -> requireFitsWorkers(train));
    requireModelFits(experiment, input);
    return in(
        "train",
        () ->
            VncaSession.forTraining(
                experiment.model(),
                input,
                experiment.seed(),
                new TrainingStep.Settings(
                        train.beta().to(),
                        train.clipNorm(),
                        train.memory(),
                        train.precision(),
                        train.optimizer().numbers(),
                        train.pool())
                    .in(microBatches(train, batch))
                    .with(train.freeBits(), train.guard().present())
                    .with(train.objective(), train.samples())
                    .padded(RunImages.framed(experiment, input))
                    .averaging(train.average().decay()),
                train.host(
                    DeviceRequest.setting(train.device()),
                    train.deviceNames(),
                    cluster.map(c -> c.dividing(batch, train.pool().size())))));
  }

  private static MicroBatches microBatches(TrainSettings train, int batch) {
    return train.accumulate() > 1
        ? MicroBatches.exactly(batch, train.accumulate())
        : new MicroBatches(batch, 1 + (AT_A_TIME - 1) / train.samples());
  }

  private static void requireFitsWorkers(TrainSettings train) {
    if (train.freeBits() > 0) {
      throw new InvalidSetting(
          "train.freeBits",
          "must be 0 with workers: it needs the average over the whole batch",
          train.freeBits());
    }
    if (!train.devices().isEmpty()) {
      throw new InvalidSetting(
          "train.devices", "must be empty with workers, whose devices are used", train.devices());
    }
    if (train.xla()) {
      // It puts constants on a device of /job:localhost, which no worker has.
      throw new InvalidSetting(
          "train.xla",
          "must be false with workers: TensorFlow compiles within one process only",
          true);
    }
  }

  /**
   * Opens the model with a checkpoint's values, for reading them on the CPU: with the average of
   * its weights, if it has one; needs no data.
   *
   * @see ModelChoice#open for measuring and drawing
   */
  public static VncaSession onCpu(Experiment experiment, Checkpoint checkpoint) {
    return restored(
            experiment,
            () -> checkpoint,
            Optional.empty(),
            OptionalInt.empty(),
            DeviceRequest.setting(Device.CPU),
            List.of())
        .session();
  }

  private static ImageShape stored(Checkpoint checkpoint) {
    try {
      return new ImageShape(
          Math.toIntExact(checkpoint.whole(HEIGHT)),
          Math.toIntExact(checkpoint.whole(WIDTH)),
          Math.toIntExact(checkpoint.whole(CHANNELS)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RunException(
          "%s says of its images: %s; take another checkpoint"
              .formatted(checkpoint.path(), e.getMessage()),
          e);
    }
  }

  /**
   * Opens the model with a checkpoint's values. Building it takes seconds, in which a training may
   * delete the checkpoint: then it is chosen again.
   *
   * @param choose finds a whole checkpoint, the newest there is, or refuses
   * @param weights which of them; the average of a checkpoint that has one, if that is not said
   * @param side of the images, if it is not that of the data's
   * @throws RunException if checkpoints go as fast as they are found, or have no such weights
   */
  static OpenedModel restored(
      Experiment experiment,
      Supplier<Checkpoint> choose,
      Optional<ModelWeights> weights,
      OptionalInt side,
      DeviceRequest device,
      List<DeviceName> devices) {
    Checkpoint first = choose.get();
    ModelWeights.of(first, weights);
    VncaSession session = built(experiment, first, side, device, devices);
    try {
      Checkpoint restored = restore(session, first, choose, weights);
      return new OpenedModel(restored, session, ModelWeights.of(restored, weights));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static Checkpoint restore(
      VncaSession session,
      Checkpoint first,
      Supplier<Checkpoint> choose,
      Optional<ModelWeights> weights) {
    Checkpoint found = first;
    for (int attempt = 0; attempt < RESTORES; attempt++) {
      Reading reading = ModelWeights.of(found, weights).reading(found);
      try {
        session.restore(found.file(VARIABLES), reading);
        if (!found.isReplaced()) {
          return found;
        }
      } catch (RuntimeException e) {
        if (found.isStillWhole()) {
          throw e;
        }
      }
      found = choose.get();
    }
    throw new RunException(
        "%s was deleted while it was read, as were %d before it: its run is being trained and keeps too few; stop it, or set train.checkpoint.keep to more"
            .formatted(found.path(), RESTORES - 1));
  }

  private static VncaSession built(
      Experiment experiment,
      Checkpoint checkpoint,
      OptionalInt side,
      DeviceRequest device,
      List<DeviceName> devices) {
    TrainSettings train = experiment.train();
    try {
      InputSpec input =
          new InputSpec(
              stored(checkpoint), experiment.data().padTo(), checkpoint.whole(BINARY) == 1);
      return VncaSession.forImagesOf(
          side.orElse(input.padded().height()),
          experiment.model(),
          input,
          experiment.seed(),
          train.host(device, devices, Optional.empty()));
    } catch (InvalidSetting e) {
      if (side.isPresent()) {
        throw e;
      }
      // It suited them when the run was trained.
      throw new RunException(
          "%s was changed: %s; put back the file as it was"
              .formatted(
                  checkpoint.path().getParent().resolveSibling("experiment.yaml"), e.getMessage()),
          e);
    }
  }
}
