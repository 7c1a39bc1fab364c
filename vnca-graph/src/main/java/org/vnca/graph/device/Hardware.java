package org.vnca.graph.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the makers call this machine's processor and its graphics cards. */
final class Hardware {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path CARDS = Path.of("/proc/driver/nvidia/gpus");

  private Hardware() {}

  /** Such as {@code CPU AMD EPYC}; the plain word where the system does not tell. */
  static String cpu() {
    return value(PROCESSORS, "model name").map(name -> "CPU " + name).orElse("CPU");
  }

  /** Such as {@code GPU 0 (NVIDIA H100 80GB HBM3)}; see {@link #gpu(String, Path)}. */
  static String gpu(String index) {
    return gpu(index, CARDS);
  }

  /**
   * A card's number and name. TensorFlow counts the cards in an order of its own, so the name is
   * there only where all are of one kind.
   *
   * @param cards where the driver has a folder for each card
   */
  static String gpu(String index, Path cards) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> folders = Files.list(cards)) {
      folders
          .map(folder -> value(folder.resolve("information"), "Model").orElse(""))
          .forEach(names::add);
    } catch (IOException e) {
      return "GPU " + index;
    }
    boolean one = names.stream().distinct().count() == 1 && !names.get(0).isEmpty();
    return "GPU " + index + (one ? " (" + names.get(0) + ")" : "");
  }

  /** What follows a word and a colon in a file of such lines. */
  private static Optional<String> value(Path file, String word) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(word))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // Off Linux there is no such file.
    }
  }
}
