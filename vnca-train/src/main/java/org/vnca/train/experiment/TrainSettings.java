package org.vnca.train.experiment;

import java.util.List;
import java.util.Optional;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Objective;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Precision;

/**
 * How a model is trained.
 *
 * @param steps gradient steps of the whole run; 100,000 in the paper
 * @param batch images per step; 32 in the paper
 * @param accumulate into how many parts a device divides its images, one after the other, adding
 *     their gradients up: memory for one of them; 1 leaves it to the program
 * @param samples k, latent vectors of each image, all of which are decoded; 1 in the paper
 * @param objective the bound on log p(x) that is raised by them; the ELBO in the paper
 * @param beta weight of the KL term, or of log p(z) - log q(z|x) in the logarithm of each
 *     importance weight
 * @param freeBits nats that each latent dimension may carry without being pushed down, on average
 *     over a batch (Kingma et al. 2016); 0 in the paper
 * @param optimizer what turns gradients into steps
 * @param schedule the course of its learning rate
 * @param clipNorm largest norm of all gradients together; longer ones are scaled down; 10 in the
 *     paper
 * @param guard which steps are not taken
 * @param average of the weights, which measures and draws in their place
 * @param memory what the rollout keeps for its backward pass; changes speed and memory
 * @param precision in which the convolutions of a training step multiply; changes speed, memory and
 *     the results
 * @param convolutions how those of update nets are computed on a CPU, in training and in measuring;
 *     changes speed and the last bits of results
 * @param xla whether XLA compiles a training step as one program, and clusters of all other
 *     operations on a GPU (on a CPU only where {@code TF_XLA_FLAGS} has {@code
 *     --tf_xla_cpu_global_jit}); changes speed and the last bits of results
 * @param device where the graph runs
 * @param devices among which each batch is divided, such as {@code gpu:0} and {@code gpu:1}, in
 *     place of {@code device}; empty for one device
 * @param threads CPU threads within and between operations; 0 for all cores; another number may
 *     change the last bits of a result
 * @param pool the pool of last states; for a decoder that is non-doubling or settles
 * @param validation the bound on the validation split
 * @param checkpoint when the run is saved
 * @param report when the loss is reported
 * @param images when pictures are drawn
 */
public record TrainSettings(
    long steps,
    int batch,
    int accumulate,
    int samples,
    Objective objective,
    BetaSettings beta,
    double freeBits,
    OptimizerSettings optimizer,
    ScheduleSettings schedule,
    double clipNorm,
    GuardSettings guard,
    AverageSettings average,
    MemoryPolicy memory,
    Precision precision,
    ConvolutionAlgorithm convolutions,
    boolean xla,
    Device device,
    List<String> devices,
    int threads,
    PoolSpec pool,
    ValidationSettings validation,
    CheckpointSettings checkpoint,
    ReportSettings report,
    ImageSettings images) {
  /** The paper's training (section 3.1 and A.5). */
  public static final TrainSettings PAPER =
      new TrainSettings(
          100_000,
          32,
          1,
          1,
          Objective.ELBO,
          BetaSettings.PAPER,
          0,
          OptimizerSettings.Adam.PAPER,
          ScheduleSettings.Constant.PAPER,
          10,
          GuardSettings.PAPER,
          AverageSettings.PAPER,
          MemoryPolicy.STORE,
          Precision.FLOAT32,
          ConvolutionAlgorithm.WINOGRAD,
          false,
          Device.AUTO,
          List.of(),
          0,
          PoolSpec.NONE,
          ValidationSettings.PAPER,
          CheckpointSettings.PAPER,
          ReportSettings.PAPER,
          ImageSettings.PAPER);

  public TrainSettings {
    InvalidSetting.requireAtLeast("steps", steps, 0);
    InvalidSetting.requireAtLeast("batch", batch, 1);
    InvalidSetting.requireAtLeast("accumulate", accumulate, 1);
    InvalidSetting.requirePresent("objective", objective);
    InvalidSetting.requirePresent("beta", beta);
    InvalidSetting.requireNotNegative("freeBits", freeBits);
    InvalidSetting.requirePresent("optimizer", optimizer);
    InvalidSetting.requirePresent("schedule", schedule);
    InvalidSetting.requirePositive("clipNorm", clipNorm);
    InvalidSetting.requirePresent("guard", guard);
    InvalidSetting.requirePresent("average", average);
    InvalidSetting.requirePresent("memory", memory);
    InvalidSetting.requirePresent("precision", precision);
    InvalidSetting.requirePresent("convolutions", convolutions);
    InvalidSetting.requirePresent("device", device);
    InvalidSetting.requirePresent("devices", devices);
    InvalidSetting.requireAtLeast("threads", threads, 0);
    InvalidSetting.requirePresent("pool", pool);
    objective.requireFits(samples, pool, freeBits);
    if (samples > Integer.MAX_VALUE / batch) {
      throw new InvalidSetting(
          "samples",
          "must be at most " + Integer.MAX_VALUE / batch + " with batch " + batch,
          samples,
          List.of("batch"));
    }
    requireUsable(devices);
    int parts = Math.max(1, devices.size());
    InvalidSetting.requireDivisible("batch", batch, parts, "devices");
    InvalidSetting.requireDivisible("pool.size", pool.size(), parts, "devices");
    if (batch % (parts * accumulate) != 0) {
      throw new InvalidSetting(
          "accumulate",
          "must divide the images of a device, " + batch / parts,
          accumulate,
          List.of("batch", "devices"));
    }
    if (freeBits > 0 && parts > 1) {
      throw new InvalidSetting(
          "freeBits",
          "must be 0 with several devices: it needs the average over the whole batch",
          freeBits,
          List.of("devices"));
    }
    devices = List.copyOf(devices);
    if (pool.present() && pool.size() <= batch / 2) {
      throw new InvalidSetting(
          "pool.size",
          "must be 0 or more than half a batch, " + batch / 2 + ", to be used at all",
          pool.size(),
          List.of("batch"));
    }
    InvalidSetting.requirePresent("validation", validation);
    InvalidSetting.requirePresent("checkpoint", checkpoint);
    InvalidSetting.requirePresent("report", report);
    InvalidSetting.requirePresent("images", images);
  }

  private static void requireUsable(List<String> devices) {
    boolean named = devices.stream().allMatch(name -> DeviceName.parse(name).isPresent());
    boolean once = devices.stream().distinct().count() == devices.size();
    boolean alike = devices.stream().map(name -> name.split(":", -1)[0]).distinct().count() < 2;
    boolean numbered = devices.stream().allMatch(name -> name.matches("(cpu|gpu):\\d+"));
    if (numbered && !named) {
      throw new InvalidSetting("devices", "must have numbers from 0 to 999", devices);
    }
    if (!named || !once || !alike) {
      throw new InvalidSetting(
          "devices", "must name different devices of one kind, such as [gpu:0, gpu:1]", devices);
    }
  }

  /**
   * Where a session runs, computing as these settings say.
   *
   * @param wanted instead of {@link #device}
   * @param names instead of {@link #devices}
   * @param cluster the workers, if there are any
   */
  public Host host(DeviceRequest wanted, List<DeviceName> names, Optional<Cluster> cluster) {
    return new Host(wanted, threads, convolutions, xla, names, cluster);
  }

  /** The {@link #devices} as the session wants them. */
  public List<DeviceName> deviceNames() {
    return devices.stream().map(name -> DeviceName.parse(name).orElseThrow()).toList();
  }
}
