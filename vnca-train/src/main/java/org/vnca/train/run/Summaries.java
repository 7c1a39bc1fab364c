package org.vnca.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vnca.base.file.Reason;
import org.vnca.train.experiment.Settings;

/** Gathers what a table of runs says about one. */
final class Summaries {
  private Summaries() {}

  static RunSummary of(RunDirectory run) {
    Figures figures = new Figures();
    MetricsLog.scan(run.metrics(), Figures.KEYS, figures);
    return new RunSummary(
        run.name(),
        run.path(),
        run.state(),
        Math.max(figures.step, run.checkpoints().pointer(Checkpoints.LATEST).orElse(0)),
        figures.loss,
        figures.best,
        evaluation(run.evaluation()),
        Settings.flatten(run.experiment()));
  }

  /** The last step and loss of a run's metrics, and the best finite bound. */
  private static final class Figures implements MetricsLog.Reader {
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
