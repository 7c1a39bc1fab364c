package org.vnca.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Python with h5py, the independent reader of the files that we write. */
public final class Python {
  private static final List<String> USUAL = List.of("python3", "/usr/bin/python3");

  private Python() {}

  /**
   * Runs a program and returns what it prints; the test is skipped where no Python has h5py. The
   * environment variable {@code VNCA_PYTHON} names another Python.
   */
  public static String run(String program, String... arguments) {
    Optional<String> python =
        Stream.concat(Stream.ofNullable(System.getenv("VNCA_PYTHON")), USUAL.stream())
            .filter(candidate -> output(List.of(candidate, "-c", "import h5py")).isPresent())
            .findFirst();
    assumeTrue(python.isPresent(), "no Python with h5py on this machine");
    List<String> command = new ArrayList<>(List.of(python.get(), "-c", program));
    command.addAll(List.of(arguments));
    return output(command).orElseThrow(() -> new AssertionError("the program failed: " + program));
  }

  private static Optional<String> output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Python ran", e);
    }
  }
}
