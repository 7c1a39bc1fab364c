package org.vnca.graph.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;

/** Who is blamed for a step that failed; the workers are sockets. */
class WorkersTest {
  private static final Duration BRIEF = Duration.ofSeconds(1);

  private final TensorFlowException broken =
      new TensorFlowException("From /job:worker:\nSocket closed");

  @Test
  void workersThatAreGone_areNamed_whateverTensorFlowSays() throws IOException {
    try (ServerSocket living = living()) {
      Address gone = new Address("127.0.0.1", ProcessServer.freePort());
      for (TensorFlowException failure :
          List.of(broken, new TFResourceExhaustedException("OOM when allocating"))) {
        assertThat(Workers.fault(cluster(at(living), gone), "a step", BRIEF, failure))
            .isInstanceOf(ClusterException.class)
            .hasMessageStartingWith("lost worker " + gone + " (")
            .hasCause(failure);
      }
    }
  }

  @Test
  void workerThatTakesTheConnectionAndHangsUp_isGone() throws Exception {
    try (ServerSocket dying = listening()) {
      Thread closing =
          new Thread(
              () -> {
                try {
                  dying.accept().close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      closing.start();
      assertThat(Workers.fault(cluster(at(dying)), "a step", BRIEF, broken))
          .hasMessage("lost worker " + at(dying) + " (Socket closed)");
      closing.join();
    }
  }

  @Test
  void fault_whereAllWorkersAnswer_isLaidToNone() throws IOException {
    try (ServerSocket living = living()) {
      TensorFlowException full =
          new TFResourceExhaustedException(
              "2 root error(s) found.\nFrom /job:worker/task:0:\nOOM when allocating");
      assertThat(Workers.fault(cluster(at(living)), "a step", BRIEF, full))
          .hasMessage("a step with workers " + at(living) + " failed (OOM when allocating)");
      assertThat(Workers.fault(cluster(at(living)), "saving x", Duration.ofSeconds(7), broken))
          .hasMessage(
              "saving x with workers " + at(living) + " did not end within 7 s (Socket closed)");
      TensorFlowException unreached =
          new TensorFlowException("=====\nfailed to connect to all addresses");
      assertThat(Workers.fault(cluster(at(living)), "a step", BRIEF, unreached))
          .hasMessage(
              "a step with workers "
                  + at(living)
                  + " failed (failed to connect to all addresses; do the workers reach this"
                  + " process, --listen 127.0.0.1:1?)");
    }
  }

  /** A host that is switched off takes no connection and refuses none: its queue is full here. */
  @Test
  void workerThatTakesNoConnection_isGone() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = new ArrayList<>();
      try {
        boolean queued = true;
        while (queued && waiting.size() < 64) {
          Socket socket = new Socket();
          waiting.add(socket);
          queued = connects(socket, full);
        }
        assumeThat(queued).as("a full queue takes no more connections here").isFalse();
        assertThat(Workers.fault(cluster(at(full)), "a step", BRIEF, broken))
            .hasMessage("lost worker " + at(full) + " (Socket closed)");
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  private static boolean connects(Socket socket, ServerSocket server) throws IOException {
    try {
      socket.connect(server.getLocalSocketAddress(), 300);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** The system takes connections for a process that is stopped. */
  @Test
  void workerThatSaysNothing_isGone_andRefusedAtTheBeginning() throws IOException {
    try (ServerSocket living = living();
        ServerSocket frozen = listening()) {
      assertThat(Workers.fault(cluster(at(living), at(frozen)), "a step", BRIEF, broken))
          .hasMessage("lost worker " + at(frozen) + " (Socket closed)");
      assertThatThrownBy(() -> Workers.requireReachable(at(frozen), Duration.ofSeconds(1)))
          .isInstanceOf(ClusterException.class)
          .hasMessage(
              "worker %s does not answer (nothing is said there in 1 s); start it with: ./vnca worker --listen %s"
                  .formatted(at(frozen), at(frozen)));
    }
  }

  @Test
  void anotherServer_isNoWorker() throws IOException {
    try (ServerSocket other = answering("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII))) {
      assertThatThrownBy(() -> Workers.require(List.of(at(other))))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith(
              "worker " + at(other) + " does not answer (what listens there is no worker)");
    }
  }

  @Test
  void workerByTwoNames_isRefused() {
    List<Address> same = List.of(new Address("localhost", 2301), new Address("127.0.0.1", 2301));
    assertThatThrownBy(() -> Workers.require(same))
        .isInstanceOf(ClusterException.class)
        .hasMessage("workers localhost:2301 and 127.0.0.1:2301 are one and the same; name it once");
  }

  /** What a worker's server says first: its settings, of which there are none here. */
  private static ServerSocket living() throws IOException {
    return answering(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
  }

  private static ServerSocket answering(byte[] words) throws IOException {
    ServerSocket server = listening();
    Thread answers =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  server.accept().getOutputStream().write(words);
                } catch (IOException e) {
                  Thread.onSpinWait(); // Who asked has gone, or the test is over.
                }
              }
            });
    answers.setDaemon(true);
    answers.start();
    return server;
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  private static Address at(ServerSocket socket) {
    return new Address("127.0.0.1", socket.getLocalPort());
  }

  private static Cluster cluster(Address... workers) {
    return new Cluster(new Address("127.0.0.1", 1), List.of(workers), Duration.ofSeconds(7));
  }
}
