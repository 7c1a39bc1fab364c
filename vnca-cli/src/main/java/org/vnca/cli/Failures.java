package org.vnca.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.vnca.base.fault.ForPeople;
import org.vnca.base.fault.Line;
import org.vnca.base.kind.Jar;
import org.vnca.train.run.FullDisk;

/** Says in one line why a command failed. */
final class Failures {
  private static final String LESS_MEMORY =
      "ask for less at a time: a smaller --count, --batch, train.batch or evaluation.batch, or"
          + " train.memory=recompute";

  /** What TensorFlow says of memory; the same exception is also for a disk that is full. */
  private static final Pattern MEMORY =
      Pattern.compile("OOM|(out of|allocate) memory", Pattern.CASE_INSENSITIVE);

  private Failures() {}

  /** What was thrown, in one line. */
  static String line(Throwable thrown) {
    return Line.of(message(thrown));
  }

  private static String message(Throwable thrown) {
    if (thrown instanceof ForPeople) {
      return thrown.getMessage();
    }
    if (thrown instanceof UncheckedIOException unchecked) {
      IOException cause = unchecked.getCause();
      // Whoever gave it words of its own said which file.
      return cause.toString().equals(unchecked.getMessage())
          ? io(cause)
          : FullDisk.line(unchecked).orElse(unchecked.getMessage());
    }
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory (%s); %s, or more memory for Java: VNCA_JAVA_OPTS=-Xmx8g"
          .formatted(thrown.getMessage(), LESS_MEMORY);
    }
    if (thrown instanceof TFResourceExhaustedException) {
      Optional<String> disk = FullDisk.line(thrown);
      if (disk.isPresent()) {
        return disk.get();
      }
      // The first line may be a count of errors only, and a hint speaks of memory in any case.
      Optional<String> memory =
          thrown
              .getMessage()
              .lines()
              .filter(line -> !line.startsWith("Hint:") && MEMORY.matcher(line).find())
              .findFirst();
      if (memory.isPresent()) {
        return "out of memory (%s); %s".formatted(memory.get().strip(), LESS_MEMORY);
      }
    }
    if (thrown instanceof ExceptionInInitializerError || thrown instanceof LinkageError) {
      return "a library cannot be loaded: " + root(thrown) + more(thrown);
    }
    if (thrown.getClass().getName().startsWith("org.tensorflow.exceptions.")) {
      return "TensorFlow: " + firstLine(thrown) + more(thrown);
    }
    return "unexpected "
        + thrown.getClass().getSimpleName()
        + ": "
        + firstLine(thrown)
        + more(thrown);
  }

  private static String more(Throwable thrown) {
    String blamed = Jar.blamed(thrown).map(name -> "from " + name + "; ").orElse("");
    return " (" + blamed + "--debug prints where)";
  }

  /** The messages of the exceptions of java.nio.file are mere names of files. */
  private static String io(IOException e) {
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return "there is no such file or directory: " + e.getMessage();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied: " + e.getMessage();
    }
    if (e instanceof FileSystemException file) {
      String reason = file.getReason() == null ? e.getClass().getSimpleName() : file.getReason();
      return file.getFile() + ": " + reason;
    }
    return "reading or writing failed: " + (e.getMessage() == null ? e : e.getMessage());
  }

  private static String root(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }
}
