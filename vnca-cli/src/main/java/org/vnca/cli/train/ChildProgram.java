package org.vnca.cli.train;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vnca.cli.frame.Program;
import org.vnca.train.console.Terminal;
import org.vnca.train.run.RunException;
import org.vnca.train.sweep.Launcher;

/** This program in a process of its own: the same Java, options and class path. */
final class ChildProgram implements Launcher {
  /** Options that belong to this process alone: agents, and what the launcher found out. */
  private static final List<String> OWN =
      List.of(
          "-javaagent:",
          "-agentlib:",
          "-agentpath:",
          "-Xrunjdwp",
          "-D" + Terminal.PROPERTY + "=",
          "-D" + RunsCommand.COLUMNS + "=");

  private static final String CLASS_PATH = "java.class.path";

  @Override
  public Process launch(List<String> words, Path log) throws IOException {
    requireThere();
    ProcessBuilder builder =
        new ProcessBuilder(command(words))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** A new build of the program deletes old ones, under the feet of a sweep that takes days. */
  private static void requireThere() {
    String first = System.getProperty(CLASS_PATH).split(File.pathSeparator, 2)[0];
    if (!Files.exists(Path.of(first))) {
      throw new RunException(
          "the program was built anew and %s is gone; give the same command again"
              .formatted(first));
    }
  }

  private static List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> OWN.stream().noneMatch(option::startsWith))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty(CLASS_PATH), Program.MAIN));
    command.addAll(words);
    return command;
  }
}
