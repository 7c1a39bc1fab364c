package org.vnca.graph.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private Devices() {}

  /**
   * Chooses what a session uses.
   *
   * @param host what is asked for
   * @throws DeviceException if a GPU is wanted that is not there
   */
  public static Choice choose(Host host) {
    if (host.cluster().isPresent()) {
      return workers(host, host.cluster().get());
    }
    return host.devices().isEmpty() ? one(host) : several(host);
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

  private static Choice one(Host host) {
    Device wanted = host.device().device();
    List<String> gpus = wanted == Device.CPU ? List.of() : gpus(host.threads());
    if (wanted == Device.GPU && gpus.isEmpty()) {
      throw host.device().missing();
    }
    return new Choice(
        !gpus.isEmpty(),
        1,
        gpus.isEmpty() ? Hardware.cpu() + unused(wanted) : Hardware.gpu(gpus.get(0)),
        Placement.ANYWHERE,
        Optional.empty());
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
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(threads)
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
   * A device, or several.
   *
   * @param gpu whether it is a GPU
   * @param cpus how many devices TensorFlow makes of the CPU
   * @param name for people and manifests
   * @param placement what is where
   * @param cluster the processes that take part, if there are others
   */
  public record Choice(
      boolean gpu, int cpus, String name, Placement placement, Optional<Cluster> cluster) {

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
