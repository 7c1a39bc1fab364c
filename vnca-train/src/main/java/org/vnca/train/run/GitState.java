package org.vnca.train.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the {@code git} program, if it is there, for the state of a directory. */
final class GitState {
  private GitState() {}

  /**
   * Commit and dirtiness; unknown without git, outside a repository, or before its first commit.
   */
  static Manifest.Git of(Path directory) {
    Optional<String> commit = git(directory, "rev-parse", "--verify", "HEAD");
    Optional<String> changes = git(directory, "status", "--porcelain");
    return new Manifest.Git(
        commit.orElse(Manifest.UNKNOWN),
        changes.map(lines -> lines.isEmpty() ? "clean" : "dirty").orElse(Manifest.UNKNOWN));
  }

  private static Optional<String> git(Path directory, String... words) {
    List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(List.of(words));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      git.getOutputStream().close();
      String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = git.waitFor(10, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 ? Optional.of(output.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
