package org.vnca.train.sweep;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads what a process appends to its log. */
final class LogFollower {
  private static final String FAULT = "vnca: ";

  private final Path log;
  private final long begin;
  private long shown;

  /** From the log's present end on. */
  LogFollower(Path log) throws IOException {
    this.log = log;
    this.begin = Files.exists(log) ? Files.size(log) : 0;
    this.shown = begin;
  }

  /** Prints what is new. */
  void show(PrintStream out) throws IOException {
    byte[] fresh = from(shown);
    out.write(fresh, 0, fresh.length);
    out.flush();
    shown += fresh.length;
  }

  /** The last line by which the program says why it failed. */
  Optional<String> fault() throws IOException {
    return new String(from(begin), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(FAULT))
        .map(line -> line.substring(FAULT.length()).strip())
        .reduce((earlier, later) -> later);
  }

  private byte[] from(long place) throws IOException {
    if (!Files.exists(log)) {
      return new byte[0];
    }
    try (var input = Files.newInputStream(log)) {
      input.skipNBytes(Math.min(place, Files.size(log)));
      return input.readAllBytes();
    }
  }
}
