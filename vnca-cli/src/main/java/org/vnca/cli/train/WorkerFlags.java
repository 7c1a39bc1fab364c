package org.vnca.cli.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Words;
import org.vnca.graph.cluster.Address;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.cluster.ProcessServer;

/** The options by which {@code train} and {@code resume} use workers. */
final class WorkerFlags {
  private static final String WORKERS = "workers";
  private static final String LISTEN = "listen";
  private static final String TIMEOUT = "worker-timeout";
  private static final int SECONDS = 600;
  private static final String LOOPBACK = "127.0.0.1";

  static final List<Flag> FLAGS =
      List.of(
          Flag.valued(
              WORKERS,
              "HOST:PORT,...",
              "workers among whose devices each batch is divided; see: help worker"),
          Flag.valued(
              LISTEN,
              "HOST:PORT",
              "where the workers reach this process; default: a free port, for this machine only"),
          Flag.valued(
              TIMEOUT, "S", "seconds of a step after which workers are lost; default: " + SECONDS));

  private WorkerFlags() {}

  /** The flags of a command that takes workers besides its own. */
  static List<Flag> with(List<Flag> own) {
    List<Flag> all = new ArrayList<>(own);
    all.addAll(FLAGS);
    return List.copyOf(all);
  }

  /** The workers that are asked for, if any are. */
  static Optional<Cluster> cluster(Words words) {
    if (words.text(WORKERS).isEmpty()) {
      for (String option : List.of(LISTEN, TIMEOUT)) {
        if (words.has(option)) {
          throw words.fault("--" + option + " is of use with --workers only");
        }
      }
      return Optional.empty();
    }
    List<Address> workers = new ArrayList<>();
    for (String word : words.text(WORKERS).orElseThrow().split(",", -1)) {
      workers.add(
          Address.parse(word)
              .orElseThrow(
                  () -> words.wrong(WORKERS, "must be HOST:PORT, several with commas between")));
    }
    if (workers.stream().distinct().count() < workers.size()) {
      throw words.wrong(WORKERS, "must name different workers");
    }
    Optional<Address> driver = address(words, LISTEN);
    boolean elsewhere = !workers.stream().allMatch(Address::loopback);
    if (driver.isPresent() && elsewhere && driver.get().loopback()) {
      throw words.wrong(LISTEN, "must be an address that workers on other machines reach");
    }
    if (driver.isEmpty() && elsewhere) {
      throw words.fault(
          "workers on other machines have to reach this one: add --listen HOST:PORT with its name"
              + " or number in the network");
    }
    return Optional.of(
        new Cluster(
            driver.orElseGet(() -> new Address(LOOPBACK, ProcessServer.freePort())),
            workers,
            Duration.ofSeconds(words.whole(TIMEOUT, 1).orElse(SECONDS))));
  }

  /** The address that an option names. */
  static Optional<Address> address(Words words, String option) {
    return words
        .text(option)
        .map(
            word ->
                Address.parse(word)
                    .orElseThrow(
                        () -> words.wrong(option, "must be HOST:PORT, such as 127.0.0.1:2222")));
  }
}
