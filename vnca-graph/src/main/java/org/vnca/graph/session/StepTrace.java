package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.AllocatorMemoryUsed;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;

/**
 * What TensorFlow's step statistics say of one run.
 *
 * @param peakBytes by device, such as {@code GPU:0}: the most bytes that its allocator had given
 *     out when an operation ended, variables included, working space that is given back within the
 *     operation not; on a CPU small tensors are not counted
 * @param operations what was run on which device, the longest first; times of a GPU are those of
 *     launching its kernels
 */
public record StepTrace(Map<String, Long> peakBytes, List<OperationTime> operations) {
  private static final Pattern DEVICE = Pattern.compile("device:([A-Z]+:\\d+)");
  private static final Pattern OPERATION = Pattern.compile(" = (\\w+)\\(");
  private static final String GPU_ALLOCATOR = "GPU_";

  public StepTrace {
    peakBytes = Collections.unmodifiableMap(new TreeMap<>(peakBytes));
    operations = List.copyOf(operations);
  }

  /** Runs with statistics. */
  static StepTrace of(Session.Runner runner) {
    return of(runner, result -> {});
  }

  /**
   * Runs with statistics.
   *
   * @param taker of what was fetched, which is closed afterwards
   */
  static StepTrace of(Session.Runner runner, Consumer<Result> taker) {
    RunOptions options =
        RunOptions.newBuilder().setTraceLevel(RunOptions.TraceLevel.SOFTWARE_TRACE).build();
    try (Result result = runner.setOptions(options).runAndFetchMetadata()) {
      taker.accept(result);
      return of(result.getMetadata().orElseThrow());
    }
  }

  private static StepTrace of(RunMetadata metadata) {
    Map<String, Long> peaks = new TreeMap<>();
    Map<String, OperationTime> times = new LinkedHashMap<>();
    for (DeviceStepStats stats : metadata.getStepStats().getDevStatsList()) {
      Matcher device = DEVICE.matcher(stats.getDevice());
      if (device.find()) {
        for (NodeExecStats node : stats.getNodeStatsList()) {
          node.getMemoryList().stream()
              .filter(used -> isOf(device.group(1), used))
              .forEach(
                  used -> peaks.merge(device.group(1), used.getAllocatorBytesInUse(), Math::max));
          OperationTime time = time(device.group(1), node);
          times.merge(time.device() + " " + time.operation(), time, OperationTime::plus);
        }
      }
    }
    List<OperationTime> sorted = new ArrayList<>(times.values());
    sorted.sort(Comparator.comparingDouble(OperationTime::seconds).reversed());
    return new StepTrace(peaks, sorted);
  }

  /** An operation on a GPU also has host memory, from another allocator. */
  private static boolean isOf(String device, AllocatorMemoryUsed used) {
    return device.startsWith("GPU") == used.getAllocatorName().startsWith(GPU_ALLOCATOR);
  }

  private static OperationTime time(String device, NodeExecStats node) {
    Matcher operation = OPERATION.matcher(node.getTimelineLabel());
    long micros = node.getOpEndRelMicros() - node.getOpStartRelMicros();
    return new OperationTime(
        device, operation.find() ? operation.group(1) : node.getNodeName(), 1, micros / 1e6);
  }

  /**
   * All runs of one kind of operation.
   *
   * @param device such as {@code CPU:0}
   * @param operation TensorFlow's name, such as {@code Conv2D}
   * @param count how often it was run
   * @param seconds added up, of all threads
   */
  public record OperationTime(String device, String operation, long count, double seconds) {
    private OperationTime plus(OperationTime other) {
      return new OperationTime(device, operation, count + other.count, seconds + other.seconds);
    }
  }
}
