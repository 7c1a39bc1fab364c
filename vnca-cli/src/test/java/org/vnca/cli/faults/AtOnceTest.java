package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two processes at one run, a disk that fills up, a clock that is set back. */
@EnabledIfSystemProperty(
    named = "vnca.faults.kills",
    matches = "[1-9].*",
    disabledReason = "a matter of minutes: mvn -Pfaults runs it")
class AtOnceTest {
  private static final int TRIALS = 1 + Integer.getInteger("vnca.faults.kills", 0) / 10;

  @TempDir static Path folder;
  private static Jvm jvm;
  private static Path stock;

  @BeforeAll
  static void prepare() throws Exception {
    stock = folder.resolve("stock");
    jvm = Kills.stock(stock);
  }

  @Test
  void aRunThatIsTrained_isRefusedToOthersInWords() throws Exception {
    Path place = place("two");
    Files.writeString(
        place.resolve(Workshop.DESCRIPTOR),
        Workshop.EXPERIMENT.replace("steps: 12\n", "steps: 1000000\n"));
    Process first = start(place, List.of(), "train", Workshop.DESCRIPTOR, "--run", "run");
    try {
      while (first.isAlive() && !Files.exists(place.resolve("run/latest"))) {
        first.waitFor(20, TimeUnit.MILLISECONDS);
      }
      assertThat(first.isAlive()).as(Files.readString(place.resolve("log"))).isTrue();
      refused(place, "is being trained by process " + first.pid(), "resume", "run");
      refused(place, "is a run already", "train", Workshop.DESCRIPTOR, "--run", "run");
      assertThat(
              jvm.call(place, List.of("evaluate", "run", "--images", "8", "--checkpoint", "latest"))
                  .status())
          .as("reading goes on beside it")
          .isZero();
    } finally {
      first.destroyForcibly().waitFor();
    }
    assertThat(place.resolve("run/evaluation").toFile().list())
        .as("a report and a table")
        .hasSize(2);
  }

  private static void refused(Path place, String why, String... words) throws Exception {
    Jvm.Ended ended = jvm.call(place, List.of(words));
    assertThat(ended.status()).as(ended.text()).isEqualTo(1);
    assertThat(ended.fault()).startsWith("vnca: ").contains(why);
  }

  /** Room for a random number of bytes; then a training and an evaluation; then more room. */
  @Test
  void aDiskThatFillsUp_isToldAndGoneOnWith() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeThat(mounted(disk)).as("this system lets nobody mount a tmpfs here").isTrue();
    try {
      Map<String, String> wanted = Outcome.of(whole(place("whole")));
      Random random = new Random(Long.getLong("vnca.faults.seed", 1));
      for (int trial = 0; trial < TRIALS; trial++) {
        Path place = disk.resolve("work");
        Files.createDirectories(place);
        Work.TRAIN.prepare(stock, place);
        Path filler = disk.resolve("filler");
        long room = random.nextInt(900_000);
        fill(filler, disk, room);
        int told = 0;
        while (Work.TRAIN.next(place).isPresent() && told < 2) {
          Jvm.Ended ended = jvm.call(place, Work.TRAIN.next(place).get());
          if (ended.status() != 0) {
            assertThat(ended.status()).as(ended.text()).isEqualTo(1);
            assertThat(ended.fault())
                .as("room for %d: %s", room, ended.text())
                .startsWith("vnca: ")
                .containsAnyOf("the disk is full", "No space left on device")
                .doesNotContain("unexpected");
            told++;
            Files.deleteIfExists(filler);
          }
        }
        whole(place);
        assertThat(Outcome.differences(wanted, Outcome.of(place)))
            .as("room for %d", room)
            .isEmpty();
        Files.deleteIfExists(filler);
        Workshop.delete(place);
      }
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  private static boolean mounted(Path disk) throws Exception {
    try {
      return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString())
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void fill(Path filler, Path disk, long room) throws IOException {
    long free = Files.getFileStore(disk).getUsableSpace();
    Files.write(filler, new byte[(int) Math.max(0, free - room)]);
  }

  /** The files of two runs of which one was resumed with the clock two days back. */
  @Test
  void aClockThatIsSetBack_changesNoResult() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/faketime")))
        .as("there is no faketime here")
        .isTrue();
    Path place = place("back");
    Process first =
        start(
            place,
            List.of(),
            "train",
            Workshop.DESCRIPTOR,
            "--run",
            "run",
            "--set",
            "train.steps=6");
    assertThat(Jvm.ended(first, place.resolve("log")).status()).isZero();
    Process second =
        start(place, List.of("faketime", "-f", "-2d"), "resume", "run", "--set", "train.steps=12");
    Jvm.Ended ended = Jvm.ended(second, place.resolve("log"));
    assertThat(ended.status()).as(ended.text()).isZero();
    assertThat(Files.readString(place.resolve("run/latest"))).isEqualTo("steps/12\n");
    Path variables = Path.of("run/steps/12/variables.data-00000-of-00001");
    assertThat(place.resolve(variables)).hasSameBinaryContentAs(stock.resolve(variables));
    // TensorBoard reads a directory's files by their names, and a later one must come behind.
    List<Path> events;
    try (Stream<Path> files = Files.list(place.resolve("run/events/train"))) {
      events = files.sorted().toList();
    }
    assertThat(events).hasSize(2);
    assertThat(
            Files.getLastModifiedTime(events.get(1))
                .compareTo(Files.getLastModifiedTime(events.get(0))))
        .isPositive();
  }

  private static Path place(String name) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Work.TRAIN.prepare(stock, place);
    return place;
  }

  private static Path whole(Path place) throws Exception {
    for (int i = 0; i < 2 && Work.TRAIN.next(place).isPresent(); i++) {
      Jvm.Ended ended = jvm.call(place, Work.TRAIN.next(place).get());
      assertThat(ended.status()).as(ended.text()).isZero();
    }
    return place;
  }

  private static Process start(Path place, List<String> before, String... words)
      throws IOException {
    return jvm.program(place, before, List.of(words))
        .redirectErrorStream(true)
        .redirectOutput(place.resolve("log").toFile())
        .start();
  }
}
