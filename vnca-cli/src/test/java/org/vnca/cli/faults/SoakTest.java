package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long training with checkpoints, validation and pictures: memory, file handles and mappings do
 * not grow. {@code -Dvnca.faults.soak} says how many steps, {@code -Dvnca.faults.soak-data} names
 * another dataset of binary 8 x 8 images, such as one that has a chunk for every image.
 */
class SoakTest {
  private static final int STEPS = Integer.getInteger("vnca.faults.soak", 0);
  private static final String DATA = System.getProperty("vnca.faults.soak-data", "");
  private static final int ROWS = 10;
  private static final Pattern STEP = Pattern.compile("\"step\":(\\d+)");

  /** RSS in KiB, open files and mappings of a process after a step. */
  private record Sample(long step, long rssKib, long files, long mappings) {
    static Sample of(long pid, Path metrics) throws IOException {
      Path proc = Path.of("/proc", Long.toString(pid));
      String status = Files.readString(proc.resolve("status"));
      String rss =
          status
              .lines()
              .filter(line -> line.startsWith("VmRSS"))
              .findFirst()
              .orElseThrow(() -> new IOException("the process has ended"));
      try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
        return new Sample(
            lastStep(metrics),
            Long.parseLong(rss.replaceAll("\\D", "")),
            files.count(),
            Files.readAllLines(proc.resolve("maps")).size());
      }
    }

    private static long lastStep(Path metrics) throws IOException {
      long last = 0;
      if (Files.exists(metrics)) {
        Matcher steps = STEP.matcher(Files.readString(metrics));
        while (steps.find()) {
          last = Long.parseLong(steps.group(1));
        }
      }
      return last;
    }
  }

  @TempDir Path folder;

  @Test
  void aLongTraining_staysAsItWasAfterItsFirstFifth() throws Exception {
    assumeThat(STEPS).as("-Dvnca.faults.soak says for how many steps").isPositive();
    assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).as("only Linux has /proc").isTrue();
    Path stock = folder.resolve("stock");
    Jvm jvm = Kills.stock(stock);
    Path place = Files.createDirectories(folder.resolve("soak"));
    Work.TRAIN.prepare(stock, place);
    if (!DATA.isEmpty()) {
      Files.copy(Path.of(DATA), place.resolve(Workshop.DATA), StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = folder.resolve("log");
    Process process =
        jvm.program(
                place,
                List.of(),
                List.of(
                    "train",
                    Workshop.DESCRIPTOR,
                    "--run",
                    "run",
                    "--quiet",
                    "--set",
                    "train.steps=" + STEPS,
                    "--set",
                    "train.checkpoint.every=500",
                    "--set",
                    "train.validation.every=1000",
                    "--set",
                    "train.images.every=2000",
                    "--set",
                    "train.report.every=100"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    List<Sample> samples = new ArrayList<>();
    long row = 0;
    System.out.println("| step | RSS | open files | mappings |");
    while (!process.waitFor(2, TimeUnit.SECONDS)) {
      try {
        Sample sample = Sample.of(process.pid(), place.resolve("run/metrics.jsonl"));
        samples.add(sample);
        if (sample.step() * ROWS / STEPS > row) {
          row = sample.step() * ROWS / STEPS;
          System.out.printf(
              "| %,d | %d MiB | %d | %d |%n",
              sample.step(), sample.rssKib() / 1024, sample.files(), sample.mappings());
        }
      } catch (IOException e) {
        // It has just ended.
      }
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(samples).hasSizeGreaterThan(10);
    Sample first = most(samples.subList(0, samples.size() / 5));
    Sample last = most(samples.subList(samples.size() / 5 * 4, samples.size()));
    System.out.printf("after a fifth: %s; in the last: %s%n", first, last);
    assertThat(last.files()).isLessThanOrEqualTo(first.files() + 2);
    assertThat(last.mappings()).isLessThanOrEqualTo(first.mappings() + 8);
    assertThat(last.rssKib()).isLessThanOrEqualTo(first.rssKib() * 11 / 10);
  }

  private static Sample most(List<Sample> samples) {
    return new Sample(
        samples.get(samples.size() - 1).step(),
        samples.stream().mapToLong(Sample::rssKib).max().orElseThrow(),
        samples.stream().mapToLong(Sample::files).max().orElseThrow(),
        samples.stream().mapToLong(Sample::mappings).max().orElseThrow());
  }
}
