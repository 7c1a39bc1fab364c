package org.vnca.graph.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.vnca.base.file.Reason;

/**
 * Keeps other machines away from a port that TensorFlow opens for this one: TensorFlow's server
 * listens on the wildcard address and cannot be told otherwise. The guard listens on the same port
 * of each address of the machine but loopback, which the kernel prefers to the wildcard, and closes
 * every connection that is made there.
 *
 * <p>Two sockets share a port only if both ask for it, so TensorFlow has to be started with {@code
 * TF_GRPC_REUSE_PORT=true} in the environment; the launcher sets it. An address that the machine
 * gets later is not guarded.
 */
final class PortGuard {
  private static final long PAUSE = 100_000_000;
  private static final String SHARED = "TF_GRPC_REUSE_PORT";

  private PortGuard() {}

  /**
   * Closes the port to other machines for as long as the process lives.
   *
   * @return whether it is closed; if not, nothing was changed
   */
  static boolean shut(int port) {
    if (!"true".equals(System.getenv(SHARED))) {
      return false;
    }
    List<ServerSocketChannel> channels = new ArrayList<>();
    try {
      for (InetAddress address : others()) {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        channel.bind(new InetSocketAddress(address, port));
      }
    } catch (IOException | UnsupportedOperationException e) {
      channels.forEach(PortGuard::drop);
      return false;
    }
    channels.forEach(PortGuard::watch);
    return true;
  }

  private static List<InetAddress> others() throws IOException {
    List<InetAddress> others = new ArrayList<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp()) {
        network.inetAddresses().filter(a -> !a.isLoopbackAddress()).forEach(others::add);
      }
    }
    return others;
  }

  private static void watch(ServerSocketChannel channel) {
    Thread thread =
        new Thread(
            () -> {
              while (channel.isOpen()) {
                hangUp(channel);
              }
            },
            "guard of " + channel.socket().getLocalSocketAddress());
    thread.setDaemon(true);
    thread.start();
  }

  private static void hangUp(ServerSocketChannel channel) {
    try {
      channel.accept().close();
    } catch (IOException e) {
      // The connection is gone already, or there are too many: the next one is waited for.
      LockSupport.parkNanos(PAUSE);
      return;
    }
  }

  private static void drop(ServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ClusterException("a port cannot be closed: " + Reason.of(e), e);
    }
  }
}
