package org.vnca.graph.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.tensorflow.exceptions.TensorFlowException;

/** Whether the workers of a {@link Cluster} are there. */
final class Workers {
  /** How long a worker may take to answer when a session begins. */
  static final Duration GREETING = Duration.ofSeconds(30);

  private static final int CONNECTING = 5_000;

  /** Milliseconds that a worker that is gone has for hanging up. */
  private static final int HANGING_UP = 1_000;

  private Workers() {}

  /**
   * Refuses an address where nothing listens, for which TensorFlow would wait for ever.
   *
   * @throws ClusterException that says how to start a worker there
   */
  static void requireReachable(Address worker) {
    try {
      connect(worker).close();
    } catch (IOException e) {
      throw new ClusterException(
          "worker %s does not answer (%s); start it with: ./vnca worker --listen %s"
              .formatted(worker, e.getMessage(), worker),
          e);
    }
  }

  private static Socket connect(Address worker) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(worker.host(), worker.port()), CONNECTING);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * What went wrong, with the workers that are gone, as far as can be told.
   *
   * @param what was to be done, such as {@code a step}
   */
  static ClusterException fault(Cluster cluster, String what, TensorFlowException failure) {
    List<Address> gone = gone(cluster.workers());
    String reason = reason(failure);
    if (!gone.isEmpty()) {
      return new ClusterException("lost worker %s (%s)".formatted(written(gone), reason), failure);
    }
    // Broken connections and time that is over have no exceptions of their own, memory has.
    boolean silent = failure.getClass() == TensorFlowException.class;
    return new ClusterException(
        "%s with workers %s failed%s (%s)"
            .formatted(
                what,
                written(cluster.workers()),
                silent
                    ? ", or did not end within %d s".formatted(cluster.timeout().toSeconds())
                    : "",
                reason),
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
    try (Socket socket = connect(worker)) {
      return staysOpen(socket);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a worker lets a connection stand. One that was just killed may still take it, since its
   * port is closed last, and hangs up at once; one that hangs takes it and says nothing.
   */
  private static boolean staysOpen(Socket socket) throws IOException {
    socket.setSoTimeout(HANGING_UP);
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
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
        .findFirst()
        .orElse("no reason given");
  }
}
