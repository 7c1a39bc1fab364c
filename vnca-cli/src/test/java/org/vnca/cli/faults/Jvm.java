package org.vnca.cli.faults;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Starts the program in processes of its own, often and fast: its classes are packed into jars, so
 * that an archive of them can be mapped, and only the first compiler is used.
 */
final class Jvm {
  private static final String MAIN = "org.vnca.cli.Main";

  /** How long a process may take; more on a machine that has hardly time for it. */
  static final long LONGEST_SECONDS = Long.getLong("vnca.faults.longest", 300);

  /**
   * The largest heap of a process; a smaller one has a smaller cache of chunks, which fills sooner.
   */
  private static final String HEAP = System.getProperty("vnca.faults.heap", "256m");

  private final String classPath;
  private final Path archive;

  private Jvm(String classPath, Path archive) {
    this.classPath = classPath;
    this.archive = archive;
  }

  /** Packs the classes of this process into a folder. */
  static Jvm pack(Path folder) {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      // Surefire's class path ends with a separator, and an empty entry would be packed as /.
      if (entry.isEmpty()) {
        continue;
      }
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + entries.size() + ".jar");
        pack(path, jar);
        entries.add(jar.toString());
      } else {
        entries.add(entry);
      }
    }
    return new Jvm(
        entries.stream().collect(Collectors.joining(File.pathSeparator)),
        folder.resolve("classes.jsa"));
  }

  /** As {@link #call}, and archives the classes that were needed: without, it is merely slower. */
  Ended callAndArchive(Path folder, List<String> words) throws Exception {
    return call(folder, words, List.of("-XX:ArchiveClassesAtExit=" + archive));
  }

  private static void pack(Path directory, Path jar) {
    ToolProvider tool =
        ToolProvider.findFirst("jar").orElseThrow(() -> new IllegalStateException("no jar tool"));
    int status =
        tool.run(System.err, System.err, "-c0f", jar.toString(), "-C", directory.toString(), ".");
    if (status != 0) {
      throw new IllegalStateException("jar cannot pack " + directory);
    }
  }

  /**
   * The program, to be started.
   *
   * @param folder its working directory
   * @param before words that go before Java's, such as those of {@code faketime}
   */
  ProcessBuilder program(Path folder, List<String> before, List<String> words) {
    return builder(folder, before, options(), MAIN, words);
  }

  /** Another class of this process's class path, to be started. */
  ProcessBuilder other(Path folder, List<String> options, Class<?> main, List<String> words) {
    return builder(folder, List.of(), options, main.getName(), words);
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    if (Files.exists(archive)) {
      options.addAll(
          List.of(
              "-XX:SharedArchiveFile=" + archive,
              "-Xshare:auto",
              "-Xlog:cds=off",
              "-Xlog:cds+dynamic=off"));
    }
    return options;
  }

  private ProcessBuilder builder(
      Path folder, List<String> before, List<String> options, String main, List<String> words) {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx" + HEAP));
    command.add("-Djava.awt.headless=true");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
    return builder;
  }

  /** Runs the program to its end. */
  Ended call(Path folder, List<String> words) throws Exception {
    return call(folder, words, options());
  }

  private Ended call(Path folder, List<String> words, List<String> options) throws Exception {
    Path log = Files.createTempFile("vnca-faults", ".log");
    try {
      Process process =
          builder(folder, List.of(), options, MAIN, words)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return ended(process, log);
    } finally {
      Files.delete(log);
    }
  }

  /** Waits for the end of a process that writes to a log. */
  static Ended ended(Process process, Path log) throws Exception {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return new Ended(-1, "it hung for " + LONGEST_SECONDS + " s: " + text(log));
    }
    return new Ended(process.exitValue(), text(log));
  }

  private static String text(Path log) throws IOException {
    return Files.readString(log);
  }

  /**
   * What a process left.
   *
   * @param status its exit status; -1 if it hung
   * @param text all that it printed
   */
  record Ended(int status, String text) {
    /** The last line, which says why it failed. */
    String last() {
      return text.lines().reduce("", (earlier, later) -> later);
    }

    /** The line that begins with the program's name. */
    String fault() {
      return status < 0
          ? text
          : text.lines().filter(line -> line.startsWith("vnca: ")).findFirst().orElse(last());
    }
  }
}
