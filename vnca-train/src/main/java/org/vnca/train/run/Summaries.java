package org.vnca.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.Settings;

/** Gathers what a table of runs says about one. */
final class Summaries {
  private static final Comparator<RunSummary.Evaluation> LATEST =
      Comparator.comparingLong(RunSummary.Evaluation::step)
          .thenComparingLong(RunSummary.Evaluation::images)
          .thenComparingLong(RunSummary.Evaluation::samples);

  private Summaries() {}

  static RunSummary of(RunDirectory run) {
    RunDigest digest = RunDigest.of(run);
    Reached reached = digest.reached(run.metrics()).orElseGet(() -> Reached.in(run.metrics()));
    return new RunSummary(
        run.name(),
        run.path(),
        run.state(),
        Math.max(reached.step(), run.checkpoints().pointer(Checkpoints.LATEST).orElse(0)),
        reached.lossNats(),
        reached.best(),
        evaluation(run.evaluation()),
        settings(run, digest));
  }

  private static Map<String, Object> settings(RunDirectory run, RunDigest digest) {
    byte[] descriptor;
    try {
      descriptor = Files.readAllBytes(run.experimentFile());
    } catch (IOException e) {
      throw unreadable(run.experimentFile(), e);
    }
    return digest.settings(descriptor).orElseGet(() -> Settings.flatten(run.experiment()));
  }

  /**
   * The evaluation of the latest checkpoint; of several, that of most images, then of most samples,
   * then the first by name. Times of files are not asked: clocks are set back, and copies are newer
   * than what they were made of.
   */
  static Optional<RunSummary.Evaluation> evaluation(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    List<Path> sorted = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      files.forEach(sorted::add);
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      throw unreadable(directory, e.getCause());
    }
    Collections.sort(sorted);
    return sorted.stream()
        .map(Summaries::readEvaluation)
        .filter(result -> result.path("nats").isNumber())
        .map(Summaries::evaluation)
        .reduce((one, other) -> LATEST.compare(other, one) > 0 ? other : one);
  }

  private static RunException unreadable(Path directory, IOException e) {
    return new RunException("%s cannot be read: %s".formatted(directory, Reason.of(e)), e);
  }

  /** An object; one that says a bound says of what, and the bound that it lists as its last. */
  private static JsonNode readEvaluation(Path file) {
    try {
      JsonNode result = Durable.readJson(file, JsonNode.class);
      JsonNode bounds = result.path("bounds");
      boolean whole =
          result.isObject()
              && (!result.has("nats")
                  || (Durable.number(
                              result.path("nats").isTextual()
                                  ? result.path("nats").asText()
                                  : result.path("nats").numberValue())
                          .isPresent()
                      && result.path("step").canConvertToLong()
                      && result.path("images").canConvertToLong()
                      && result.path("samples").canConvertToLong()
                      && result.path("split").isTextual()
                      && (!result.has("bounds")
                          || (bounds.isArray()
                              && bounds
                                  .path(bounds.size() - 1)
                                  .path("nats")
                                  .equals(result.path("nats"))
                              && bounds
                                  .path(bounds.size() - 1)
                                  .path("samples")
                                  .equals(result.path("samples"))))));
      if (!whole) {
        throw new IOException("what it says does not fit together");
      }
      return result;
    } catch (IOException e) {
      throw new RunException(
          "%s cannot be read: %s; delete it, and evaluate again".formatted(file, Reason.of(e)), e);
    }
  }

  private static RunSummary.Evaluation evaluation(JsonNode result) {
    return new RunSummary.Evaluation(
        result.path("step").asLong(),
        result.path("split").asText(),
        result.path("images").asLong(),
        result.path("samples").asLong(),
        result.path("nats").asDouble());
  }
}
