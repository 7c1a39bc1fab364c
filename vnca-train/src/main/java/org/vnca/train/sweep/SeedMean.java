package org.vnca.train.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.Settings;
import org.vnca.train.experiment.Sweep;
import org.vnca.train.measure.Mean;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunListing;
import org.vnca.train.run.RunState;
import org.vnca.train.run.RunSummary;

/**
 * The mean over seeds of otherwise equal points. Only finished runs count: the bound of a run
 * underway is one of fewer steps.
 *
 * @param values what the grid gives these points, the seed left out
 * @param points how many points there are
 * @param seeds seeds of those that are finished
 * @param measure what is averaged; empty if the finished runs have no bound that was measured alike
 * @param nats mean bound, nats per image; higher is better
 * @param natsStandardError of the mean as that of all seeds: the standard deviation over these
 *     (with n - 1) over the root of their number; empty for fewer than two
 */
public record SeedMean(
    Map<String, Object> values,
    int points,
    List<Long> seeds,
    Optional<Measure> measure,
    OptionalDouble nats,
    OptionalDouble natsStandardError) {

  /**
   * How a bound was measured.
   *
   * @param kind {@code evaluation}: of the evaluation that the table of runs shows; {@code
   *     validation}: the best of those measured while training, and so a little too high
   * @param split name of the split
   * @param images how many of its images; 0 for all
   * @param samples importance samples per image
   */
  public record Measure(String kind, String split, long images, long samples) {}

  /** A run's bound. */
  private record Bound(Measure measure, double nats) {}

  /**
   * Averages over seeds.
   *
   * @return a mean for each group of two points or more, in the order of the points; none if the
   *     grid has no seeds
   */
  public static List<SeedMean> of(List<PointRun> points) {
    Map<Map<String, Object>, List<PointRun>> groups = new LinkedHashMap<>();
    for (PointRun run : points) {
      Map<String, Object> settings = Settings.flatten(run.point().experiment());
      settings.remove(Sweep.SEED);
      groups.computeIfAbsent(settings, key -> new ArrayList<>()).add(run);
    }
    return groups.values().stream().filter(group -> group.size() > 1).map(SeedMean::mean).toList();
  }

  private static SeedMean mean(List<PointRun> group) {
    List<RunSummary> finished = finished(group);
    List<Bound> bounds =
        alike(finished, SeedMean::evaluated)
            .or(() -> alike(finished, SeedMean::validated))
            .orElse(List.of());
    Mean mean = new Mean();
    bounds.forEach(bound -> mean.add(bound.nats()));
    Map<String, Object> values = new LinkedHashMap<>(group.get(0).point().values());
    values.remove(Sweep.SEED);
    return new SeedMean(
        values,
        group.size(),
        finished.stream().map(run -> (Long) run.settings().get(Sweep.SEED)).toList(),
        bounds.stream().map(Bound::measure).findFirst(),
        mean.count() < 1 ? OptionalDouble.empty() : OptionalDouble.of(mean.value()),
        mean.count() < 2 ? OptionalDouble.empty() : OptionalDouble.of(mean.standardError()));
  }

  private static List<RunSummary> finished(List<PointRun> group) {
    List<RunDirectory> runs = group.stream().flatMap(run -> run.run().stream()).toList();
    return RunListing.readable(runs).runs().stream()
        .filter(run -> run.state().phase() == RunState.Phase.FINISHED)
        .toList();
  }

  /** Every run's bound, if all have one and all were measured in the same way. */
  private static Optional<List<Bound>> alike(
      List<RunSummary> runs, Function<RunSummary, Optional<Bound>> of) {
    List<Bound> bounds = runs.stream().flatMap(run -> of.apply(run).stream()).toList();
    boolean same = bounds.stream().map(Bound::measure).distinct().count() == 1;
    return same && bounds.size() == runs.size() ? Optional.of(bounds) : Optional.empty();
  }

  private static Optional<Bound> evaluated(RunSummary run) {
    return run.evaluation()
        .map(
            found ->
                new Bound(
                    new Measure("evaluation", found.split(), found.images(), found.samples()),
                    found.nats()));
  }

  private static Optional<Bound> validated(RunSummary run) {
    Experiment experiment = RunDirectory.open(run.path()).experiment();
    Measure measure =
        new Measure(
            "validation",
            experiment.data().validation(),
            experiment.train().validation().images(),
            experiment.train().validation().samples());
    return run.best().map(best -> new Bound(measure, best.nats()));
  }
}
