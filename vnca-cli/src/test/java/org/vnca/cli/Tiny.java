package org.vnca.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An experiment with a model of few numbers, and the program in a process of its own. */
final class Tiny {
  private static final String MODEL =
      """
      name: tiny
      data: {file: "embedded:digits", pad-to: 32}
      model:
        latent: 8
        encoder: {filters: 2}
        decoder: {steps: 2, update: {hidden: 8, blocks: 1}}
      """;

  private Tiny() {}

  /** Writes {@code tiny.yaml}: the model, then how it is trained and evaluated. */
  static Path write(Path folder, String rest) throws IOException {
    return Files.writeString(folder.resolve("tiny.yaml"), MODEL + rest);
  }

  /** The program with these words, to be started. */
  static ProcessBuilder program(List<String> words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(words);
    return new ProcessBuilder(command);
  }
}
