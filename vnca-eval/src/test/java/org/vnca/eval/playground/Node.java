package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code node}, which runs JavaScript, where it is installed. */
final class Node {
  private Node() {}

  static boolean isThere() {
    try {
      Process node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start();
      node.getInputStream().readAllBytes();
      return node.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A resource of these tests as a file. */
  static Path resource(Path folder, String name) throws IOException {
    try (InputStream file = Node.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), file.readAllBytes());
    }
  }

  /** Runs it, and gives its standard output. */
  static String run(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(words);
    Path faults = Files.createTempFile("node", ".txt");
    try {
      Process node = new ProcessBuilder(command).redirectError(faults.toFile()).start();
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(node.waitFor()).as(Files.readString(faults)).isZero();
      return output;
    } finally {
      Files.delete(faults);
    }
  }
}
