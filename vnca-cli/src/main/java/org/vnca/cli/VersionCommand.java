package org.vnca.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Program;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.run.Manifest;

/** Prints the versions that a report of a fault should name. */
final class VersionCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "version",
        List.of(),
        "print the versions",
        List.of(),
        List.of(Flag.of(Flag.VERSION, "the same as the command's name")),
        List.of("--version"));
  }

  @Override
  public boolean usesTensorFlow() {
    return false;
  }

  @Override
  public int run(Words words, Console console) {
    Program program = Program.here();
    Manifest.Git git = program.git();
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("version", program.version());
    versions.put("commit", git.commit());
    versions.put("state", git.state());
    versions.put("tensorflowJava", program.libraries().get(Program.TENSORFLOW));
    versions.put("java", System.getProperty("java.version"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    console.answer(
        versions,
        "vnca %s (commit %s, %s)\nTensorFlow Java %s\nJava %s on %s"
            .formatted(
                program.version(),
                git.commit(),
                git.state(),
                program.libraries().get(Program.TENSORFLOW),
                System.getProperty("java.version"),
                versions.get("os")));
    return DONE;
  }
}
