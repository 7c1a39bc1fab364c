package org.vnca.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.Settings;

/** Gathers what a table of runs says about one. */
final class Summaries {
  private Summaries() {}

  static RunSummary of(RunDirectory run) {
    List<Map<String, Object>> metrics = MetricsLog.read(run.metrics());
    return new RunSummary(
        run.name(),
        run.path(),
        run.state(),
        Math.max(
            last(metrics, MetricsLog.STEP).map(Double::longValue).orElse(0L),
            run.checkpoints().pointer(Checkpoints.LATEST).orElse(0)),
        last(metrics, MetricsLog.LOSS_NATS),
        best(metrics),
        evaluation(run.evaluation()),
        Settings.flatten(run.experiment()));
  }

  private static Optional<Double> number(Map<String, Object> line, String key) {
    return Durable.number(line.get(key)).map(Number::doubleValue);
  }

  private static Optional<Double> last(List<Map<String, Object>> metrics, String key) {
    return metrics.stream()
        .flatMap(line -> number(line, key).stream())
        .reduce((earlier, later) -> later);
  }

  private static Optional<RunSummary.Bound> best(List<Map<String, Object>> metrics) {
    return metrics.stream()
        .flatMap(line -> bound(line).stream())
        .filter(bound -> Double.isFinite(bound.nats()))
        .max(Comparator.comparingDouble(RunSummary.Bound::nats));
  }

  private static Optional<RunSummary.Bound> bound(Map<String, Object> line) {
    return number(line, MetricsLog.VALIDATION_NATS)
        .flatMap(
            nats ->
                number(line, MetricsLog.STEP)
                    .map(step -> new RunSummary.Bound(nats, step.longValue())));
  }

  /** The newest file, by its time of change, that is an evaluation. */
  static Optional<RunSummary.Evaluation> evaluation(Path directory) {
    Optional<RunSummary.Evaluation> newest = Optional.empty();
    FileTime time = null;
    if (!Files.isDirectory(directory)) {
      return newest;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        FileTime changed = Files.getLastModifiedTime(file);
        JsonNode result = readEvaluation(file);
        if (result.path("nats").isNumber() && (time == null || changed.compareTo(time) > 0)) {
          time = changed;
          newest = Optional.of(evaluation(result));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new RunException("%s cannot be read: %s".formatted(directory, e.getMessage()), e);
    }
    return newest;
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
