package org.vnca.graph.cluster;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks whether something at an address speaks HTTP/2, on which gRPC is built. A process that is
 * stopped or hangs still has its connections taken, by the operating system, but says nothing.
 */
final class Probe {
  private static final int CONNECTING = 5_000;

  /** What a client says first (RFC 9113, 3.4): this, then its settings; here, none. */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Three bytes of length, the type, flags, and four bytes of the stream's number. */
  private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

  private static final int SETTINGS = 4;

  private Probe() {}

  /**
   * Waits for the settings that a server says first.
   *
   * @throws IOException that says why there are none: no connection, or another server, or silence
   */
  static void ask(Address address, Duration limit) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECTING);
      socket.setSoTimeout((int) limit.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(PREFACE);
      out.write(NO_SETTINGS);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[3]);
      if (in.readByte() != SETTINGS) {
        throw new IOException("what listens there is no worker");
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("nothing is said there in %d s".formatted(limit.toSeconds()), e);
    } catch (EOFException e) {
      throw new IOException("it hangs up", e);
    }
  }
}
