package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
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
  private final TensorFlowException broken =
      new TensorFlowException("From /job:worker:\nSocket closed");

  @Test
  void workersThatAreGone_areNamed_whateverTensorFlowSays() throws IOException {
    try (ServerSocket living = listening()) {
      Address gone = new Address("127.0.0.1", ProcessServer.freePort());
      for (TensorFlowException failure :
          List.of(broken, new TFResourceExhaustedException("OOM when allocating"))) {
        assertThat(Workers.fault(cluster(at(living), gone), "a step", failure))
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
      assertThat(Workers.fault(cluster(at(dying)), "a step", broken))
          .hasMessage("lost worker " + at(dying) + " (Socket closed)");
      closing.join();
    }
  }

  @Test
  void fault_whereAllWorkersAnswer_isLaidToNone() throws IOException {
    try (ServerSocket living = listening()) {
      TensorFlowException full =
          new TFResourceExhaustedException(
              "2 root error(s) found.\nFrom /job:worker/task:0:\nOOM when allocating");
      assertThat(Workers.fault(cluster(at(living)), "a step", full))
          .hasMessage("a step with workers " + at(living) + " failed (OOM when allocating)");
      assertThat(Workers.fault(cluster(at(living)), "saving x", broken))
          .hasMessage(
              "saving x with workers "
                  + at(living)
                  + " failed, or did not end within 7 s (Socket closed)");
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
        assertThat(Workers.fault(cluster(at(full)), "a step", broken))
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
