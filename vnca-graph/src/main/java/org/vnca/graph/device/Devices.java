package org.vnca.graph.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tensorflow.GraphAccess;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.vnca.base.fault.Hint;
import org.vnca.graph.cluster.Address;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.cluster.ClusterException;
import org.vnca.graph.cluster.ProcessServer;
import org.vnca.graph.cluster.Workers;
import org.vnca.graph.spec.ConvolutionAlgorithm;

/** Which devices TensorFlow sees, and the session's configuration for the one that is wanted. */
public final class Devices {
  private static final Pattern GPU = Pattern.compile("device:GPU:(\\d+)");

  /**
   * Memory as it is needed. The first session of a process decides, for all that follow: it makes
   * TensorFlow's allocators; so the one that looks for GPUs has to ask for it, too.
   */
  private static final GPUOptions GROWING = GPUOptions.newBuilder().setAllowGrowth(true).build();

  /** A lane is a part of the graph, which takes time to build. */
  private static final int MOST_LANES = 4;

  private Devices() {}

  /**
   * Chooses what a session uses.
   *
   * @param host what is asked for
   * @throws DeviceException if a GPU is wanted that is not there
   */
  public static Choice choose(Host host) {
    return choose(host, Work.ANY);
  }

  /**
   * Chooses what a session uses.
   *
   * @param host what is asked for
   * @param work what is to be computed
   * @throws DeviceException if a GPU is wanted that is not there
   */
  public static Choice choose(Host host, Work work) {
    if (host.cluster().isPresent()) {
      return workers(host, host.cluster().get());
    }
    return host.devices().isEmpty() ? one(host, work) : several(host);
  }

  /**
   * Makes this process a worker, unless it is one at that address already.
   *
   * @param address where it listens, or for an address that is not loopback, where others reach it
   * @param host the device that it offers and its threads, as options of {@code worker} say
   * @throws ClusterException if the port is taken
   * @throws DeviceException if a GPU is wanted that is not there
   */
  public static ProcessServer serve(Address address, Host host) {
    return ProcessServer.start(address, () -> config(choose(host), host.threads()));
  }

  private static Choice one(Host host, Work work) {
    Device wanted = host.device().device();
    boolean possible = wanted != Device.CPU && MissingGpu.built();
    List<String> gpus = possible ? gpus(host.threads()) : List.of();
    if (wanted == Device.GPU && gpus.isEmpty()) {
      throw host.device().missing();
    }
    // The session that looks for GPUs makes threads for operations that are divided.
    boolean whole = possible || host.xla();
    int lanes = whole ? 1 : work.lanes(Math.min(MOST_LANES, threads(host.threads())));
    boolean small = !whole && work.small();
    return new Choice(
        !gpus.isEmpty(),
        1,
        gpus.isEmpty() ? Hardware.cpu() + unused(wanted) : Hardware.gpu(gpus.get(0)),
        Placement.ANYWHERE,
        Optional.empty(),
        lanes,
        small);
  }

  private static int threads(int wanted) {
    return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
  }

  /** Says so where a build for GPUs falls back on the CPU. */
  private static String unused(Device wanted) {
    return wanted == Device.AUTO && MissingGpu.built() ? " (no GPU: " + MissingGpu.why() + ")" : "";
  }

  private static Choice several(Host host) {
    List<DeviceName> devices = host.devices();
    boolean gpu = devices.stream().anyMatch(DeviceName::gpu);
    List<String> gpus = gpu ? gpus(host.threads()) : List.of();
    if (gpu && gpus.isEmpty()) {
      throw host.device().missingAmongSeveral();
    }
    for (DeviceName device : devices) {
      if (device.gpu() && !gpus.contains(Integer.toString(device.index()))) {
        throw new DeviceException(
            "train.devices names %s, but TensorFlow found only %s; name those, or check CUDA_VISIBLE_DEVICES"
                .formatted(
                    device,
                    gpus.stream().map(index -> "gpu:" + index).collect(Collectors.joining(", "))));
      }
    }
    int cpus =
        devices.stream().filter(device -> !device.gpu()).mapToInt(DeviceName::index).max().orElse(0)
            + 1;
    List<String> names = devices.stream().map(DeviceName::tensorFlow).toList();
    return new Choice(
        gpu,
        cpus,
        (devices.size() == 1 ? "" : devices.size() + " devices: ")
            + devices.stream().map(DeviceName::toString).collect(Collectors.joining(", "))
            + (gpu ? "" : " (" + Hardware.cpu() + ")"),
        new Placement(names.get(0), names),
        Optional.empty());
  }

  /** The GPUs of each worker, or its CPU where it has none. */
  private static Choice workers(Host host, Cluster cluster) {
    Workers.require(cluster.workers());
    Choice driver = choose(host.alone());
    ProcessServer server =
        ProcessServer.start(cluster.driver(), () -> config(driver, host.threads()));
    if (cluster.driver().loopback() && !server.guarded()) {
      throw new ClusterException(
          "port %d of this process cannot be closed to other machines; start with the launcher (%s), which sets TF_GRPC_REUSE_PORT=true, or name an address with --listen"
              .formatted(cluster.driver().port(), Hint.program()));
    }
    Choice undivided =
        new Choice(driver.gpu(), 1, driver.name(), Placement.ANYWHERE, Optional.of(cluster));
    List<String> names = Workers.devices(cluster, config(undivided, host.threads()));
    List<String> all = new ArrayList<>();
    for (int i = 0; i < cluster.workers().size(); i++) {
      String worker = "/job:" + Cluster.WORKER + "/replica:0/task:" + i + "/device:";
      List<String> gpus = names.stream().filter(n -> n.startsWith(worker + "GPU:")).toList();
      all.addAll(gpus.isEmpty() ? List.of(worker + "CPU:0") : gpus);
    }
    List<String> replicas = all.subList(0, cluster.usable(all.size()));
    String home =
        "/job:" + Cluster.DRIVER + "/replica:0/task:0/device:" + (driver.gpu() ? "GPU:0" : "CPU:0");
    return new Choice(
        driver.gpu(),
        1,
        (replicas.size() < all.size() ? replicas.size() + " of " : "")
            + all.size()
            + (all.size() == 1 ? " device" : " devices")
            + " of workers: "
            + replicas.stream()
                .map(name -> name.replaceAll(".*/task:(\\d+)/device:", "$1 "))
                .collect(Collectors.joining(", "))
            + "; weights on "
            + driver.name()
            + (server.guarded() ? "" : "; open to the network at port " + cluster.driver().port()),
        new Placement(home, replicas),
        Optional.of(cluster));
  }

  /** The configuration of a model's session. */
  public static ConfigProto config(Choice choice, Host host) {
    ConfigProto.Builder config = config(choice, host.threads()).toBuilder();
    if (host.xla()) {
      // The clusters are made by passes of their own, so they need no graph optimizer.
      config
          .getGraphOptionsBuilder()
          .getOptimizerOptionsBuilder()
          .setGlobalJitLevel(OptimizerOptions.GlobalJitLevel.ON_2);
    }
    return config.build();
  }

  /**
   * The configuration of what runs no model, without XLA.
   *
   * @param threads of the CPU, or 0 for all
   */
  public static ConfigProto config(Choice choice, int threads) {
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(choice.threadsOfOperation(threads))
            .setInterOpParallelismThreads(choice.threadsOfSession(threads))
            .setAllowSoftPlacement(true);
    config.putDeviceCount("CPU", choice.cpus());
    if (!choice.gpu()) {
      config.putDeviceCount("GPU", 0);
    }
    // TensorFlow's graph optimizer takes a third of the time to the first step, and makes none
    // faster.
    config.setGraphOptions(
        GraphOptions.newBuilder()
            .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)));
    config.setGpuOptions(GROWING);
    choice
        .cluster()
        .ifPresent(
            cluster -> config.setClusterDef(cluster.definition()).setIsolateSessionState(true));
    return config.build();
  }

  /**
   * Indices of the GPUs.
   *
   * @param threads of the CPU: the first session of a process decides for all
   */
  private static List<String> gpus(int threads) {
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setUsePerSessionThreads(true)
            .setGpuOptions(GROWING)
            .build();
    return GraphAccess.devices(config, "").stream()
        .map(GPU::matcher)
        .filter(Matcher::find)
        .map(gpu -> gpu.group(1))
        .toList();
  }

  /**
   * What a session computes.
   *
   * @param batch that its parts must divide, if they must be equal
   * @param flops floating-point operations of decoding one latent vector
   */
  public record Work(OptionalInt batch, long flops) {
    /** Nothing that is known. */
    public static final Work ANY = new Work(OptionalInt.empty(), Long.MAX_VALUE);

    /** Below it, threads that wait for each other take longer than the operations. */
    private static final long SMALL = 1_000_000_000;

    /** How many parts can be computed side by side, by so many threads at most. */
    int lanes(int most) {
      int lanes = most;
      if (batch.isPresent()) {
        lanes = Math.min(most, batch.getAsInt());
        while (batch.getAsInt() % lanes != 0) {
          lanes--;
        }
      }
      return lanes;
    }

    boolean small() {
      return flops < SMALL;
    }
  }

  /**
   * A device, or several.
   *
   * @param gpu whether it is a GPU
   * @param cpus how many devices TensorFlow makes of the CPU
   * @param name for people and manifests
   * @param placement what is where
   * @param cluster the processes that take part, if there are others
   * @param lanes how many parts of a batch a CPU computes side by side
   * @param small whether operations are too small to be divided among threads
   */
  public record Choice(
      boolean gpu,
      int cpus,
      String name,
      Placement placement,
      Optional<Cluster> cluster,
      int lanes,
      boolean small) {

    /** In one lane. */
    public Choice(
        boolean gpu, int cpus, String name, Placement placement, Optional<Cluster> cluster) {
      this(gpu, cpus, name, placement, cluster, 1, false);
    }

    /**
     * How many threads an operation is divided among. The first session of a process decides for
     * all that follow.
     *
     * @param wanted threads in all, 0 for all cores
     */
    int threadsOfOperation(int wanted) {
      if (small) {
        return 1;
      }
      int sideBySide = Math.max(lanes, cpus);
      return sideBySide == 1 ? wanted : Math.max(1, Devices.threads(wanted) / sideBySide);
    }

    /** How many operations may run at once; one of a small model that has but one lane. */
    int threadsOfSession(int wanted) {
      return small && lanes == 1 ? 1 : wanted;
    }

    /** The server that runs a session, or an empty text for this process alone. */
    public String target() {
      return cluster.map(Cluster::target).orElse("");
    }

    /** How convolutions are computed: on a GPU, and where there may be one, cuDNN decides. */
    public ConvolutionAlgorithm algorithm(ConvolutionAlgorithm wanted) {
      return anyGpu() ? ConvolutionAlgorithm.DIRECT : wanted;
    }

    /** Whether any part of the work is on a GPU. */
    public boolean anyGpu() {
      return gpu || placement.replicas().stream().anyMatch(device -> device.contains("GPU"));
    }
  }
}
