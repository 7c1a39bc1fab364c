package org.vnca.train.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A writer of a run in a process of its own, which can be killed. */
final class ForkedWriter implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ForkedWriter(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /**
   * Starts the process.
   *
   * @param what {@code hold} the lock; {@code loop} over saves; {@code body} or a {@link
   *     CheckpointSaver.Phase}: save once and hang there
   * @param step of the first save, which becomes the best
   */
  static ForkedWriter start(RunDirectory run, String what, long step) throws IOException {
    return new ForkedWriter(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ForkedWriter.class.getName(),
                run.path().toString(),
                what,
                Long.toString(step))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** The next line that the process prints. */
  String line() throws IOException {
    return output.readLine();
  }

  long pid() {
    return process.pid();
  }

  /** Kills it by SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws Exception {
    RunDirectory run = RunDirectory.open(Path.of(arguments[0]));
    String what = arguments[1];
    long step = Long.parseLong(arguments[2]);
    try (RunWriter writer = RunWriter.open(run, phase -> hang(what, phase.name()))) {
      hang(what, "hold");
      if (what.equals("loop")) {
        System.out.println("saving");
        for (long each = step; ; each++) {
          RunFixture.save(writer, each, each % 3 == 0);
        }
      }
      writer.save(
          step,
          Map.of("again", true),
          true,
          directory -> {
            Files.writeString(directory.resolve("weights"), "half");
            hang(what, "body");
            RunFixture.body(directory, step);
          });
    } catch (RunException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static void hang(String what, String here) {
    if (what.equals(here)) {
      System.out.println(here.equals("hold") ? "holding" : here);
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
