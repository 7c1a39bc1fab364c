package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated inputs of every kind in one virtual machine with a small heap, drawn from fixed seeds.
 * {@code -Dvnca.faults.times} multiplies their numbers, {@code -Dvnca.faults.only=KIND:FROM:TO}
 * repeats some by their seeds.
 */
class MutationsTest {
  private static final String ONLY = System.getProperty("vnca.faults.only", "");
  private static final int TIMES = Integer.getInteger("vnca.faults.times", 1);

  /** Those that call TensorFlow take the longest, and are fewer. */
  private static final String SHORT =
      "descriptors:50 sweeps:30 hdf5:50 hdf5-imports:20 idx:20 amat:12 png:15 jpg:15 gif:10 bmp:10"
          + " tif:20 webp:15 zip:20 celeba:15 safetensors:10 manifests:25 metrics:20 reports:12 checkpoints:10"
          + " resumed:3 tables:8";

  @TempDir Path folder;

  @Test
  void mutatedInputs_areRefusedInOneLineOrReadRight() throws Exception {
    Path fixtures = Path.of("../vnca-data/src/test/resources/org/vnca/data").toAbsolutePath();
    List<String> words = new ArrayList<>(List.of(folder.toString(), fixtures.toString()));
    words.addAll(ONLY.isEmpty() ? all() : Arrays.asList(ONLY.split(" ", -1)));
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Mutations.class.getName()));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(log.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = process.waitFor(5L + 2L * TIMES, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    String report = Files.readString(log);
    System.out.print(report);
    Path current = folder.resolve("current");
    String at = Files.exists(current) ? Files.readString(current) : "the preparation";
    assertThat(ended).as("hangs at " + at + "\n" + report).isTrue();
    assertThat(process.exitValue()).as("ended at " + at + "\n" + report).isZero();
    assertThat(report).contains("faults: 0").doesNotContain("FAULT");
  }

  private static List<String> all() {
    List<String> kinds = new ArrayList<>();
    for (String kind : SHORT.split(" ", -1)) {
      String[] parts = kind.split(":", -1);
      kinds.add(parts[0] + ":0:" + Integer.parseInt(parts[1]) * TIMES);
    }
    return kinds;
  }
}
