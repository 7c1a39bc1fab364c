package org.vnca.train.trainer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.TrainSettings;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunJars;

/**
 * Which model of a run is looked at, and where it is computed.
 *
 * @param checkpoint {@code best}, {@code latest} or a step
 * @param device instead of the descriptor's {@code train.device} or the first of its {@code
 *     train.devices}: a run may be looked at on another machine than the one that trained it
 * @param data where the run's dataset lies now, if it is to be looked for nowhere else
 * @param weights which of the checkpoint's; if that is not said, their average if it has one
 */
public record ModelChoice(
    String checkpoint,
    Optional<Device> device,
    Optional<String> data,
    Optional<ModelWeights> weights) {
  /** The run's own data. */
  public ModelChoice(String checkpoint, Optional<Device> device) {
    this(checkpoint, device, Optional.empty());
  }

  /** The average of the weights, if there is one. */
  public ModelChoice(String checkpoint, Optional<Device> device, Optional<String> data) {
    this(checkpoint, device, data, Optional.empty());
  }

  /** The same with these weights. */
  public ModelChoice with(ModelWeights others) {
    return new ModelChoice(checkpoint, device, data, Optional.of(others));
  }

  /** A checkpoint's model, on the descriptor's device. */
  public static ModelChoice of(String checkpoint) {
    return new ModelChoice(checkpoint, Optional.empty());
  }

  /**
   * The model with the values of the checkpoint; needs no data. The run may be trained meanwhile.
   *
   * @throws org.vnca.train.run.RunException if the run has no such checkpoint, or was trained with
   *     other jars than are on the class path
   * @throws org.vnca.graph.device.DeviceException if the device cannot be used
   */
  public OpenedModel open(RunDirectory run, Experiment experiment, Watch watch) {
    return open(run, experiment, OptionalInt.empty(), watch);
  }

  /**
   * As above, for images of another side than it was trained for.
   *
   * @param side of the images; the data's if there is none
   * @throws org.vnca.graph.spec.InvalidSetting if the decoder cannot make them
   */
  public OpenedModel open(RunDirectory run, Experiment experiment, OptionalInt side, Watch watch) {
    TrainSettings train = experiment.train();
    return device.isPresent()
        ? Models.restored(
            experiment,
            finder(run, watch),
            weights,
            side,
            DeviceRequest.option(device.get()),
            List.of())
        : Models.restored(
            experiment,
            finder(run, watch),
            weights,
            side,
            DeviceRequest.replaceable(train.device()),
            train.deviceNames());
  }

  /** As above, on the CPU, for reading its values. */
  public OpenedModel onCpu(RunDirectory run, Experiment experiment, Watch watch) {
    return Models.restored(
        experiment,
        finder(run, watch),
        weights,
        OptionalInt.empty(),
        DeviceRequest.setting(Device.CPU),
        List.of());
  }

  private Supplier<Checkpoint> finder(RunDirectory run, Watch watch) {
    RunJars.require(run);
    return () -> run.checkpoints().resolve(checkpoint, notice -> watch.err().println(notice));
  }
}
