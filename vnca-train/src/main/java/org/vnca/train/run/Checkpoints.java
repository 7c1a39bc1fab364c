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

  /** How often a pointer is followed that a training moves meanwhile. */
  private static final int TRIES = 100;

  private final Path run;
  private final Consumer<Path> progress;

  Checkpoints(Path run) {
    this(run, directory -> {});
  }

  /** {@code progress} is told which checkpoint is read next: a test deletes it there. */
  Checkpoints(Path run, Consumer<Path> progress) {
    this.run = run;
    this.progress = progress;
  }

  /**
   * Finds a checkpoint and verifies it. A training may save and delete meanwhile: where it deletes
   * what {@code latest} or {@code best} named, what they name then is taken.
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
    Followed followed = follow(LATEST);
    if (followed.whole().isPresent()) {
      return followed.whole().get();
    }
    if (followed.step().isEmpty() && steps().isEmpty()) {
      throw new RunException(run + " has no checkpoint yet");
    }
    Checkpoint newest =
        newestWhole(followed.step())
            .orElseThrow(
                () -> new RunException(run + " has no whole checkpoint: " + followed.fault()));
    notice.accept(
        "the latest checkpoint of %s is damaged (%s); step %d is used, the newest that is whole"
            .formatted(run, followed.fault(), newest.step()));
    return newest;
  }

  private Checkpoint best() {
    Followed followed = follow(BEST);
    if (followed.step().isEmpty()) {
      throw new RunException(
          run + " has no best checkpoint yet: it is chosen at a validation; try latest");
    }
    return followed.whole().orElseGet(() -> exact(followed.step().getAsLong()));
  }

  /** What a pointer names, if that is whole; else why it is not. */
  private record Followed(OptionalLong step, Optional<Checkpoint> whole, String fault) {}

  /** Follows a pointer, again if it moved while what it named was read. */
  private Followed follow(String name) {
    OptionalLong step = pointer(name);
    String fault = "its pointer is missing or damaged";
    for (int attempt = 0; attempt < TRIES && step.isPresent(); attempt++) {
      try {
        return new Followed(step, Optional.of(verify(step.getAsLong())), "");
      } catch (CheckpointFiles.Damaged e) {
        fault = e.getMessage();
      }
      OptionalLong now = pointer(name);
      if (now.equals(step)) {
        break;
      }
      step = now;
    }
    return new Followed(step, Optional.empty(), fault);
  }

  private Checkpoint verify(long step) throws CheckpointFiles.Damaged {
    progress.accept(path(step));
    return CheckpointFiles.verify(path(step));
  }

  private Checkpoint exact(long step) {
    if (!Files.isDirectory(path(step))) {
      throw new RunException(
          "%s has no checkpoint of step %d; it has %s".formatted(run, step, listed()));
    }
    try {
      return verify(step);
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
      return Optional.of(verify(step));
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
