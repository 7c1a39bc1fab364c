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
import java.util.Set;
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
    Reported reported = new Reported();
    MetricsLog.scan(run.metrics(), Reported.KEYS, reported);
    return new RunSummary(
        run.name(),
        run.path(),
        run.state(),
        Math.max(reported.step, run.checkpoints().pointer(Checkpoints.LATEST).orElse(0)),
        reported.loss,
        reported.best,
        evaluation(run.evaluation()),
        Settings.flatten(run.experiment()));
  }

  /** The last step and loss of a run's metrics, and the best finite bound. */
  private static final class Reported implements MetricsLog.Reader {
    static final Set<String> KEYS = Set.of(MetricsLog.LOSS_NATS, MetricsLog.VALIDATION_NATS);

    private long step;
    private Optional<Double> loss = Optional.empty();
    private Optional<RunSummary.Bound> best = Optional.empty();

    @Override
    public void line(long at, Map<String, Object> values) {
      step = at;
      loss = number(values, MetricsLog.LOSS_NATS).or(() -> loss);
      Optional<Double> bound = number(values, MetricsLog.VALIDATION_NATS).filter(Double::isFinite);
      if (bound.isPresent() && (best.isEmpty() || bound.get() > best.get().nats())) {
        best = Optional.of(new RunSummary.Bound(bound.get(), at));
      }
    }

    private static Optional<Double> number(Map<String, Object> line, String key) {
      return Durable.number(line.get(key)).map(Number::doubleValue);
    }
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
