package org.vnca.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vnca.cli.frame.Text;
import org.vnca.train.run.RunListing;
import org.vnca.train.sweep.PointRun;
import org.vnca.train.sweep.SeedMean;

/** A sweep's points, runs and means as tables. */
final class SweepText {
  private static final String NONE = "-";

  private final List<PointRun> points;

  SweepText(List<PointRun> points) {
    this.points = points;
  }

  /** Every point with its number and where it stands. */
  String points() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("point", "run", "state"));
    for (PointRun run : points) {
      rows.add(List.of(Integer.toString(run.point().index()), run.point().name(), run.shown()));
    }
    return Text.table(rows);
  }

  /**
   * The table of runs, and of the means if there are seeds.
   *
   * @param width of the terminal; 0 for as wide as need be
   */
  String results(RunListing listing, List<SeedMean> means, int width) {
    String runs = listing.runs().isEmpty() ? "no run yet" : new RunsText(listing).text(width);
    boolean any = means.stream().anyMatch(mean -> !mean.seeds().isEmpty());
    return any ? runs + "\n\n" + means(means) : runs;
  }

  private static String means(List<SeedMean> means) {
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = new ArrayList<>(means.get(0).values().keySet());
    List<String> keys = List.copyOf(headings);
    headings.addAll(List.of("seeds", "mean bound (nats)", "standard error", "measured"));
    rows.add(headings);
    for (SeedMean mean : means) {
      List<String> row = new ArrayList<>();
      Map<String, Object> values = mean.values();
      keys.forEach(key -> row.add(values.containsKey(key) ? values.get(key).toString() : NONE));
      row.add(mean.seeds().size() + " of " + mean.points());
      row.add(mean.nats().isPresent() ? Text.nats(mean.nats().getAsDouble()) : NONE);
      row.add(
          mean.natsStandardError().isPresent()
              ? Text.nats(mean.natsStandardError().getAsDouble())
              : NONE);
      row.add(mean.measure().map(SweepText::measure).orElse(NONE));
      rows.add(row);
    }
    return "Mean over seeds, finished runs only; nats per image, higher is better\n"
        + Text.table(rows);
  }

  private static String measure(SeedMean.Measure measure) {
    String kind = measure.kind().equals("validation") ? "best validation" : "evaluation";
    String images = measure.images() == 0 ? "all" : Long.toString(measure.images());
    return "%s (%s, n = %d, %s images)".formatted(kind, measure.split(), measure.samples(), images);
  }
}
