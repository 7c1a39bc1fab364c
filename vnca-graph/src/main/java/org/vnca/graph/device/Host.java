package org.vnca.graph.device;

import java.util.List;
import java.util.Optional;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.spec.ConvolutionAlgorithm;

/**
 * Where a session runs.
 *
 * @param device what is asked for
 * @param threads of the CPU, or 0 for all; the number changes the last bits of results
 * @param convolutions how those of update nets are computed on a CPU
 * @param xla whether XLA compiles a training step as one program, and clusters of all other
 *     operations on a GPU (on a CPU only where {@code TF_XLA_FLAGS} has {@code
 *     --tf_xla_cpu_global_jit}); changes the last bits of results
 * @param devices among which training divides a batch, instead of {@code device}; empty for none
 * @param cluster the workers among which training divides a batch, if there are any; {@code device}
 *     and {@code threads} are this process's then
 */
public record Host(
    DeviceRequest device,
    int threads,
    ConvolutionAlgorithm convolutions,
    boolean xla,
    List<DeviceName> devices,
    Optional<Cluster> cluster) {
  public Host {
    devices = List.copyOf(devices);
  }

  /** On one device. */
  public Host(DeviceRequest device, int threads) {
    this(device, threads, ConvolutionAlgorithm.WINOGRAD, false, List.of(), Optional.empty());
  }

  /** One device: that of the weights, where there are several. */
  public Host alone() {
    return new Host(
        device,
        threads,
        convolutions,
        xla,
        devices.isEmpty() ? devices : devices.subList(0, 1),
        Optional.empty());
  }
}
