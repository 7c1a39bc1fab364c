package org.vnca.graph.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.tensorflow.GraphAccess;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.vnca.base.fault.Hint;
import org.vnca.base.file.Reason;

/** Whether the workers of a {@link Cluster} are there. */
public final class Workers {
  /** How long a worker may take to answer when a session begins. */
  private static final Duration GREETING = Duration.ofSeconds(30);

  /** The same after a fault, when most do answer at once. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private Workers() {}

  /**
   * Refuses workers of which one does not answer, or is named twice.
   *
   * @throws ClusterException that says which, and what to do
   */
  public static void require(List<Address> workers) {
    requireDifferent(workers);
    workers.forEach(worker -> requireReachable(worker, GREETING));
  }

  /**
   * Refuses an address where no worker answers, for which TensorFlow would wait for ever.
   *
   * @param limit how long it may take to answer
   * @throws ClusterException that says how to start a worker there
   */
  static void requireReachable(Address worker, Duration limit) {
    try {
      Handshake.ask(worker, limit);
    } catch (IOException e) {
      throw new ClusterException(
          "worker %s does not answer (%s); start it with: %s"
              .formatted(worker, Reason.of(e), Hint.command("worker --listen %s", worker)),
          e);
    }
  }

  /**
   * Names of the devices of a session with workers.
   *
   * @param config of the session
   * @throws ClusterException if workers do not answer in time, or as something else
   */
  public static List<String> devices(Cluster cluster, ConfigProto config) {
    ConfigProto brief = config.toBuilder().setOperationTimeoutInMs(GREETING.toMillis()).build();
    FutureTask<List<String>> listing =
        new FutureTask<>(() -> GraphAccess.devices(brief, cluster.target()));
    // TensorFlow itself waits for ever for a worker that freezes now.
    Thread thread = new Thread(listing, "devices of workers");
    thread.setDaemon(true);
    thread.start();
    try {
      return listing.get(2 * GREETING.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TensorFlowException failure) {
        throw unlikeWorkers(cluster, reason(failure), failure);
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw unlikeWorkers(cluster, "no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unlikeWorkers(cluster, "interrupted", e);
    }
  }

  private static ClusterException unlikeWorkers(Cluster cluster, String reason, Exception cause) {
    return new ClusterException(
        "not everything at %s answers as a worker (%s); start each with %s, of the same version"
            .formatted(written(cluster.workers()), reason, Hint.command("worker")),
        cause);
  }

  /** One worker by two names would be one device too few. */
  private static void requireDifferent(List<Address> workers) {
    Map<String, Address> known = new LinkedHashMap<>();
    for (Address worker : workers) {
      Address other = known.put(number(worker.host()) + " " + worker.port(), worker);
      if (other != null) {
        throw new ClusterException(
            "workers %s and %s are one and the same; name it once".formatted(other, worker));
      }
    }
  }

  private static String number(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      return host; // It will not answer either, and be named then.
    }
  }

  /**
   * What went wrong, with the workers that are gone, as far as can be told.
   *
   * @param what was to be done, such as {@code a step}
   * @param took how long it was tried
   */
  public static ClusterException fault(
      Cluster cluster, String what, Duration took, TensorFlowException failure) {
    List<Address> gone = gone(cluster.workers());
    String reason = reason(failure);
    if (!gone.isEmpty()) {
      return new ClusterException("lost worker %s (%s)".formatted(written(gone), reason), failure);
    }
    boolean late = took.compareTo(cluster.timeout()) >= 0;
    boolean unreached = reason.contains("failed to connect");
    return new ClusterException(
        "%s with workers %s %s (%s%s)"
            .formatted(
                what,
                written(cluster.workers()),
                late
                    ? "did not end within %d s".formatted(cluster.timeout().toSeconds())
                    : "failed",
                reason,
                unreached
                    ? "; do the workers reach this process, --listen %s?"
                        .formatted(cluster.driver())
                    : ""),
        failure);
  }

  /** All are asked at the same time. */
  private static List<Address> gone(List<Address> workers) {
    ExecutorService asking = Executors.newFixedThreadPool(workers.size());
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      workers.forEach(worker -> answers.add(asking.submit(() -> answers(worker))));
      List<Address> gone = new ArrayList<>();
      for (int i = 0; i < workers.size(); i++) {
        if (!answers.get(i).get()) {
          gone.add(workers.get(i));
        }
      }
      return gone;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      asking.shutdown();
    }
  }

  private static boolean answers(Address worker) {
    try {
      Handshake.ask(worker, SILENCE);
      return true;
    } catch (IOException e) {
      return false;
    }
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
        .filter(line -> !line.matches("\\d+ root error\\(s\\) found\\."))
        .filter(line -> !line.matches("=+|Additional GRPC error information.*"))
        .findFirst()
        .orElse("no reason given");
  }
}
