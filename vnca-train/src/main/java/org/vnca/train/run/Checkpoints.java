package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vnca.base.file.Reason;

/** The checkpoints of a run, for reading. Whatever is returned was verified, every byte of it. */
public final class Checkpoints {
  /** Name of the pointer to the checkpoint that training goes on from. */
  public static final String LATEST = "latest";

  /** Name of the pointer to the checkpoint with the best bound on the validation split. */
  public static final String BEST = "best";

  private static final Pattern STEP = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern POINTER = Pattern.compile("steps/(" + STEP + ")\\s*");

  private final Path run;

  Checkpoints(Path run) {
    this.run = run;
  }

  /**
   * Finds a checkpoint and verifies it.
   *
   * @param which {@code latest}, {@code best} or a step
   * @param notice told, in one line, when {@code latest} is damaged or lost and the newest whole
   *     checkpoint takes its place
   * @throws RunException if there is none, or if it is damaged; only {@code latest} is replaced by
   *     another. The message names the damaged file and the newest whole checkpoint
   */
  public Checkpoint resolve(String which, Consumer<String> notice) {
    if (which.equals(LATEST)) {
      return latest(notice);
    }
    if (which.equals(BEST)) {
      return best();
    }
    if (!STEP.matcher(which).matches()) {
      throw new RunException("a checkpoint is latest, best or a step, but not " + which);
    }
    return exact(Long.parseLong(which));
  }

  private Checkpoint latest(Consumer<String> notice) {
    List<Long> steps = steps();
    OptionalLong pointed = pointer(LATEST);
    if (pointed.isEmpty() && steps.isEmpty()) {
      throw new RunException(run + " has no checkpoint yet");
    }
    String fault = "its pointer is missing or damaged";
    if (pointed.isPresent()) {
      try {
        return CheckpointFiles.verify(path(pointed.getAsLong()));
      } catch (CheckpointFiles.Damaged e) {
        fault = e.getMessage();
      }
    }
    String lost = fault;
    Checkpoint newest =
        newestWhole(pointed)
            .orElseThrow(() -> new RunException(run + " has no whole checkpoint: " + lost));
    notice.accept(
        "the latest checkpoint of %s is damaged (%s); step %d is used, the newest that is whole"
            .formatted(run, lost, newest.step()));
    return newest;
  }

  private Checkpoint best() {
    if (pointer(BEST).isEmpty()) {
      throw new RunException(
          run + " has no best checkpoint yet: it is chosen at a validation; try latest");
    }
    return exact(pointer(BEST).getAsLong());
  }

  private Checkpoint exact(long step) {
    if (!Files.isDirectory(path(step))) {
      throw new RunException(
          "%s has no checkpoint of step %d; it has %s".formatted(run, step, listed()));
    }
    try {
      return CheckpointFiles.verify(path(step));
    } catch (CheckpointFiles.Damaged e) {
      String instead =
          newestWhole(OptionalLong.of(step))
              .map(whole -> "the newest whole checkpoint is that of step " + whole.step())
              .orElse("there is no other whole checkpoint");
      throw new RunException(
          "the checkpoint of step %d is damaged: %s; %s".formatted(step, e.getMessage(), instead));
    }
  }

  private Optional<Checkpoint> newestWhole(OptionalLong except) {
    return steps().stream()
        .filter(step -> except.isEmpty() || except.getAsLong() != step)
        .sorted(Comparator.reverseOrder())
        .flatMap(step -> whole(step).stream())
        .findFirst();
  }

  private Optional<Checkpoint> whole(long step) {
    try {
      return Optional.of(CheckpointFiles.verify(path(step)));
    } catch (CheckpointFiles.Damaged e) {
      return Optional.empty();
    }
  }

  private String listed() {
    List<Long> steps = steps();
    return steps.isEmpty()
        ? "none"
        : steps.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Whether nothing was ever saved: no checkpoint is there, and no pointer to one. */
  public boolean none() {
    return steps().isEmpty() && pointer(LATEST).isEmpty() && pointer(BEST).isEmpty();
  }

  /** The steps that have a checkpoint, whole or not, in ascending order. */
  public List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    if (!Files.isDirectory(directory())) {
      return steps;
    }
    try (DirectoryStream<Path> members = Files.newDirectoryStream(directory())) {
      for (Path member : members) {
        String name = member.getFileName().toString();
        if (STEP.matcher(name).matches() && Files.isDirectory(member)) {
          steps.add(Long.parseLong(name));
        }
      }
    } catch (IOException e) {
      throw new RunException(directory() + " cannot be read: " + Reason.of(e), e);
    }
    Collections.sort(steps);
    return steps;
  }

  /** The step that a pointer names; nothing if it is missing or is no pointer. */
  public OptionalLong pointer(String name) {
    try {
      Matcher pointer = POINTER.matcher(Files.readString(run.resolve(name)));
      return pointer.matches()
          ? OptionalLong.of(Long.parseLong(pointer.group(1)))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Where checkpoints are. */
  Path directory() {
    return run.resolve("steps");
  }

  public Path path(long step) {
    return directory().resolve(Long.toString(step));
  }
}
