package org.vnca.eval.figure;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.vnca.eval.chart.Chart;
import org.vnca.eval.damage.DamageReport;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelWeights;

/** The curves of a damage study. */
public final class DamageCurves {
  private static final String TITLE = "Recovery from damage";

  /** Bits that exceed the worst just after the damage so many times have exploded. */
  private static final double EXPLODED = 5;

  private static final double WIDTH = 410;
  private static final double HEIGHT = 150;

  private DamageCurves() {}

  /**
   * Draws them.
   *
   * @param out where to; {@code RUN/figures/} if nothing is given
   * @return the picture's file
   * @throws org.vnca.train.picture.PictureException if it cannot be written
   */
  public static Path draw(DamageReport report, Style style, Optional<Path> out) {
    RunDirectory directory = RunDirectory.open(Path.of(report.run()));
    Path file =
        out.orElse(directory.figures().resolve(report.name() + "." + style.format().ending()));
    String run = directory.name();
    List<Chart> charts = charts(report);
    String caption = caption(report, run, charts);
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("run", run);
    notes.put("step", Long.toString(report.step()));
    notes.put("figure", "damage");
    notes.put("weights", report.weights());
    notes.put(PictureFile.TITLE, TITLE);
    notes.put(PictureFile.CAPTION, caption);
    Drawing page = Page.of(TITLE, charts, caption, style.room(), style.titled());
    PictureFile.write(file, page, style.format(), style.room(), notes);
    return file;
  }

  static List<Chart> charts(DamageReport report) {
    return List.of(
        chart(report, "distance", DamageReport.Curve::distance).including(0).sharingLegend(),
        chart(report, "bits per dimension", DamageReport.Curve::bitsPerDim)
            .including(0)
            .logarithmicAbove(EXPLODED * worstAtFirst(report))
            .sharingLegend(),
        chart(report, "share recovered", DamageReport.Curve::recovered).including(0, 1));
  }

  private static String caption(DamageReport report, String run, List<Chart> charts) {
    return String.format(
        Locale.ROOT,
        "Recovery of %,d images of the split %s after damage to their full-grown states, %d steps after each; the control is not damaged. Distance: mean absolute difference of the mean image of p(x|z) from the undamaged one; bits per dimension of the original image; recovered: distance at most %s. Bands: 95 %% bootstrap intervals over images. Run %s, step %,d%s.%s",
        report.images(),
        report.split(),
        report.steps(),
        report.threshold(),
        run,
        report.step(),
        ModelWeights.of(report.weights()).behindStep(),
        charts.stream()
            .flatMap(each -> each.missing().stream())
            .map(words -> " " + Character.toUpperCase(words.charAt(0)) + words.substring(1))
            .collect(Collectors.joining()));
  }

  /** Bits just after the damage; any number where there are none. */
  private static double worstAtFirst(DamageReport report) {
    return report.curves().stream()
        .mapToDouble(curve -> number(curve.bitsPerDim().get(0).mean()))
        .filter(Double::isFinite)
        .max()
        .orElse(1);
  }

  private static Chart chart(
      DamageReport report,
      String label,
      Function<DamageReport.Curve, List<DamageReport.Estimate>> what) {
    Chart chart = new Chart("steps since the first damage", label, WIDTH, HEIGHT);
    for (DamageReport.Curve curve : report.curves()) {
      List<DamageReport.Estimate> values = what.apply(curve);
      chart.curve(
          curve.name(),
          curve.atSteps().stream().mapToDouble(Integer::doubleValue).toArray(),
          numbers(values, estimate -> number(estimate.mean())),
          numbers(values, estimate -> number(estimate.low())),
          numbers(values, estimate -> number(estimate.high())));
    }
    return chart;
  }

  private static double[] numbers(
      List<DamageReport.Estimate> values, ToDoubleFunction<DamageReport.Estimate> part) {
    return values.stream().mapToDouble(part).toArray();
  }

  private static double number(Double value) {
    return value == null ? Double.NaN : value;
  }
}
