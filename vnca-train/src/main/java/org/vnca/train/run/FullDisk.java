package org.vnca.train.run;

import java.util.Optional;

/** A disk without space, as the system says it and TensorFlow passes it on. */
public final class FullDisk {
  private static final String NO_SPACE = "No space left on device";

  private FullDisk() {}

  /**
   * One line that says that the disk is full, which file was written, and what to do.
   *
   * @return empty if {@code thrown} is for another reason
   */
  public static Optional<String> line(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null) {
      return Optional.empty();
    }
    return message
        .lines()
        .filter(line -> line.contains(NO_SPACE))
        .findFirst()
        .map(line -> "the disk is full (%s); free some space".formatted(line.strip()));
  }
}
