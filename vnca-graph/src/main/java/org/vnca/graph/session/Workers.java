package org.vnca.graph.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.exceptions.TensorFlowException;

/** Whether the workers of a {@link Cluster} are there. */
final class Workers {
  /** How long a worker may take to answer when a session begins. */
  static final Duration GREETING = Duration.ofSeconds(30);

  private static final int CONNECTING = 5_000;

  private Workers() {}

  /**
   * Refuses an address where nothing listens, for which TensorFlow would wait for ever.
   *
   * @throws ClusterException that says how to start a worker there
   */
  static void requireReachable(Address worker) {
    try {
      connect(worker);
    } catch (IOException e) {
      throw new ClusterException(
          "worker %s does not answer (%s); start it with: ./vnca worker --listen %s"
              .formatted(worker, e.getMessage(), worker),
          e);
    }
  }

  private static void connect(Address worker) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(worker.host(), worker.port()), CONNECTING);
    }
  }

  /**
   * What went wrong in mid-step, with the workers that are gone, as far as can be told. Faults of
   * memory, disk and data have exceptions of their own in TensorFlow Java, and do not come here.
   */
  static ClusterException lost(Cluster cluster, TensorFlowException failure) {
    List<Address> gone = new ArrayList<>();
    for (Address worker : cluster.workers()) {
      try {
        connect(worker);
      } catch (IOException e) {
        gone.add(worker);
      }
    }
    String reason = reason(failure);
    return new ClusterException(
        gone.isEmpty()
            ? "a worker of %s failed, or did not finish a step within %d s (%s)"
                .formatted(written(cluster.workers()), cluster.timeout().toSeconds(), reason)
            : "lost worker %s (%s)".formatted(written(gone), reason),
        failure);
  }

  /** Addresses for people. */
  static String written(List<Address> workers) {
    return workers.stream().map(Address::toString).collect(Collectors.joining(", "));
  }

  /** What happened: TensorFlow says on the first lines where. */
  static String reason(TensorFlowException failure) {
    return failure
        .getMessage()
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("From /job"))
        .findFirst()
        .orElse("no reason given");
  }
}
