package org.vnca.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The published data sets, which are not part of the repository: in a folder {@code shared} beside
 * the checkout, or where the environment variable {@code VNCA_SHARED} says.
 */
public final class SharedData {
  private SharedData() {}

  /** The folder of the data sets; the test is skipped where there is none. */
  public static Path folder() {
    Path shared =
        Optional.ofNullable(System.getenv("VNCA_SHARED"))
            .map(Path::of)
            .orElse(Path.of("../../shared"));
    Path data = shared.resolve("data");
    assumeTrue(Files.isDirectory(data), "the published data sets are not at " + data);
    return data;
  }
}
