package org.vnca.train.sweep;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A process that has a lock until it is killed. */
final class LockingProcess implements AutoCloseable {
  private final Process process;

  private LockingProcess(Process process) {
    this.process = process;
  }

  /** Starts it, and returns once it has the lock. */
  static LockingProcess of(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LockingProcess.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader();
    if (!"locked".equals(output.readLine())) {
      process.destroyForcibly();
      throw new IOException(file + " was not locked");
    }
    return new LockingProcess(process);
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

  public static void main(String[] arguments) throws IOException {
    PointClaim claim = PointClaim.take(Path.of(arguments[0])).orElseThrow();
    try (claim) {
      System.out.println("locked");
      // The end of the test's process ends this one too.
      System.in.read();
    }
  }
}
