package org.vnca.cli.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Opens a file with the program that the desktop has for it.
 *
 * @param command that is called with the file behind its words
 */
record Opener(List<String> command) {
  /** One that runs longer has become the browser itself. */
  private static final int SECONDS = 5;

  Opener {
    command = List.copyOf(command);
  }

  /** The one of this operating system. */
  static Opener ofDesktop() {
    return of(System.getProperty("os.name"));
  }

  /**
   * The one of an operating system.
   *
   * @param system its name, as Java has it
   */
  static Opener of(String system) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return new Opener(List.of("open"));
    }
    // The empty word is the title of a window, for which start takes a path in quotes otherwise.
    return name.startsWith("windows")
        ? new Opener(List.of("cmd", "/c", "start", ""))
        : new Opener(List.of("xdg-open"));
  }

  /**
   * Opens it.
   *
   * @return why it could not be opened, in a line; nothing if it was
   */
  Optional<String> open(Path file) {
    List<String> words = new ArrayList<>(command);
    words.add(file.toAbsolutePath().normalize().toString());
    try {
      Process program =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      program.getOutputStream().close();
      boolean ended = program.waitFor(SECONDS, TimeUnit.SECONDS);
      return ended && program.exitValue() != 0
          ? fault(file, "%s ended with status %d".formatted(command.get(0), program.exitValue()))
          : Optional.empty();
    } catch (IOException e) {
      return fault(file, "there is no " + command.get(0) + " here");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fault(file, "the program was interrupted");
    }
  }

  private static Optional<String> fault(Path file, String why) {
    return Optional.of(
        "%s was written but cannot be opened: %s; open it in a browser yourself"
            .formatted(file, why));
  }
}
