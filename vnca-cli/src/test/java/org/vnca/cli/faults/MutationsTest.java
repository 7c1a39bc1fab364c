package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated inputs of every kind in one virtual machine with a small heap. {@code
 * -Dvnca.faults.times} multiplies their numbers, {@code -Dvnca.faults.only=KIND:FROM:TO} repeats
 * some by their seeds.
 */
class MutationsTest {
  private static final String ONLY = System.getProperty("vnca.faults.only", "");
  private static final int TIMES = Integer.getInteger("vnca.faults.times", 1);
  private static final String SHORT =
      "descriptors:100 sweeps:60 hdf5:100 idx:40 amat:20 png:40 jpg:40 zip:40 safetensors:40"
          + " manifests:60 metrics:40 reports:30 checkpoints:30 resumed:4 tables:10";

  @TempDir Path folder;

  @Test
  void mutatedInputs_areRefusedInOneLineOrReadRight() throws Exception {
    boolean wanted = Boolean.getBoolean("vnca.faults.short") || TIMES > 1 || !ONLY.isEmpty();
    assumeThat(wanted).as("-Pfaults, or -Dvnca.faults.short=true, runs it").isTrue();
    Path fixtures = Path.of("../vnca-data/src/test/resources/org/vnca/data").toAbsolutePath();
    List<String> words = new ArrayList<>(List.of(folder.toString(), fixtures.toString()));
    words.addAll(ONLY.isEmpty() ? all() : Arrays.asList(ONLY.split(" ", -1)));
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
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
    boolean ended = process.waitFor(5L + 3L * TIMES, TimeUnit.MINUTES);
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
