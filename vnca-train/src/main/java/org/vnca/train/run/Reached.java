package org.vnca.train.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far a run's metrics go.
 *
 * @param step of the last line; 0 without one
 * @param lossNats training loss per image of the last report, nats
 * @param best the best finite bound on the validation split
 */
record Reached(long step, Optional<Double> lossNats, Optional<RunSummary.Bound> best) {
  private static final Set<String> KEYS = Set.of(MetricsLog.LOSS_NATS, MetricsLog.VALIDATION_NATS);

  /**
   * Reads all of the metrics.
   *
   * @throws RunException if they cannot be read
   */
  static Reached in(Path metrics) {
    Reported reported = new Reported();
    MetricsLog.scan(metrics, KEYS, reported);
    return new Reached(reported.step, reported.loss, reported.best);
  }

  private static final class Reported implements MetricsLog.Reader {
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
}
