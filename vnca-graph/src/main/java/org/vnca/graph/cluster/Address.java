package org.vnca.graph.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a process can be reached, written {@code HOST:PORT}; an IPv6 host stands in brackets.
 *
 * @param host name or number
 * @param port from 1 to 65535
 */
public record Address(String host, int port) {
  private static final Pattern WRITTEN =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):(\\d{1,5})");

  /** The address of that text, if it is one. */
  public static Optional<Address> parse(String text) {
    Matcher written = WRITTEN.matcher(text.strip());
    if (!written.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(written.group(2));
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new Address(written.group(1), port));
  }

  /** Whether only this machine can reach it. A host that cannot be resolved counts as elsewhere. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
