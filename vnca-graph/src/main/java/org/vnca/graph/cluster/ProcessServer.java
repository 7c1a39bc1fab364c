package org.vnca.graph.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.tensorflow.Server;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.JobDef;
import org.tensorflow.proto.ServerDef;
import org.vnca.base.file.Reason;

/**
 * TensorFlow's server in this process, by which it takes part in a {@link Cluster}.
 *
 * <p>It has no authentication, and listens on all of the machine's addresses whatever it is told;
 * for an address that only this machine should reach, a {@link PortGuard} keeps the others out. A
 * server lives as long as the process: TensorFlow cannot close one.
 */
public final class ProcessServer {
  /** A job that no cluster has: a server takes its place in one when a session begins. */
  private static final String IDLE = "idle";

  private static final Map<Address, ProcessServer> RUNNING = new ConcurrentHashMap<>();

  private final Server server;
  private final boolean guarded;

  private ProcessServer(Server server, boolean guarded) {
    this.server = server;
    this.guarded = guarded;
  }

  /**
   * Starts a server, unless this process has one at that address already.
   *
   * @param address where it listens, or for an address that is not loopback, where others reach it
   * @param config for the devices it offers
   * @throws ClusterException if the port is taken
   */
  public static ProcessServer start(Address address, Supplier<ConfigProto> config) {
    return RUNNING.computeIfAbsent(address, free -> launch(free, config));
  }

  private static ProcessServer launch(Address address, Supplier<ConfigProto> config) {
    requireFree(address.port());
    boolean guarded = address.loopback() && PortGuard.shut(address.port());
    ServerDef definition =
        ServerDef.newBuilder()
            .setCluster(
                ClusterDef.newBuilder()
                    .addJob(JobDef.newBuilder().setName(IDLE).putTasks(0, address.toString())))
            .setJobName(IDLE)
            .setTaskIndex(0)
            .setProtocol("grpc")
            .setDefaultSessionConfig(config.get())
            .build();
    try {
      Server server = new Server(definition);
      server.start();
      return new ProcessServer(server, guarded);
    } catch (TensorFlowException e) {
      throw new ClusterException(
          "TensorFlow cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** Whether only this machine reaches it. */
  public boolean guarded() {
    return guarded;
  }

  /** Waits, for ever: the process has to be stopped from outside. */
  public void join() {
    server.join();
  }

  /** A port that nothing listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new ClusterException("there is no free port: " + Reason.of(e), e);
    }
  }

  /** TensorFlow itself would share the port with another process of the same user. */
  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
    } catch (IOException e) {
      throw new ClusterException(
          "port " + port + " cannot be listened on (" + Reason.of(e) + "); choose another", e);
    }
  }
}
