package org.vnca.eval.figure;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.vnca.eval.damage.DamageReport;
import org.vnca.train.picture.Png;
import org.vnca.train.run.RunDirectory;

/** The curves of a damage study. */
public final class DamageCurves {
  /** How often the worst just after the damage the axis of bits goes up to. */
  private static final double MOST_BITS = 1.5;

  private static final int WIDTH = 820;
  private static final int HEIGHT = 300;

  private DamageCurves() {}

  /**
   * Draws them to {@code RUN/figures/}.
   *
   * @return the PNG
   */
  public static Path draw(DamageReport report) {
    RunDirectory directory = RunDirectory.open(Path.of(report.run()));
    Path file = directory.figures().resolve(report.name() + ".png");
    String run = directory.name();
    List<Chart> charts =
        List.of(
            chart(report, "distance", DamageReport.Curve::distance, 1),
            chart(report, "bits per dimension", DamageReport.Curve::bitsPerDim, mostBits(report)),
            chart(report, "share recovered", DamageReport.Curve::recovered, 1));
    List<BufferedImage> panels = charts.stream().map(each -> each.draw(WIDTH, HEIGHT)).toList();
    String caption =
        String.format(
            Locale.ROOT,
            "Recovery of %,d images of the split %s after damage to their full-grown states, %d steps after each; the control is not damaged. Distance: mean absolute difference of the mean image of p(x|z) from the undamaged one; bits per dimension of the original image; recovered: distance at most %s. Bands: 95 %% bootstrap intervals over images. Run %s, step %,d.%s",
            report.images(),
            report.split(),
            report.steps(),
            report.threshold(),
            run,
            report.step(),
            charts.stream()
                .flatMap(each -> each.missing().stream())
                .map(words -> " " + Character.toUpperCase(words.charAt(0)) + words.substring(1))
                .collect(Collectors.joining()));
    Png.write(
        Page.of("Recovery from damage", panels, caption),
        file,
        Map.of("run", run, "step", Long.toString(report.step()), "figure", "damage"));
    return file;
  }

  /** States that were not trained to last soon cost more bits than any axis can show. */
  private static double mostBits(DamageReport report) {
    return MOST_BITS
        * report.curves().stream()
            .mapToDouble(curve -> number(curve.bitsPerDim().get(0).high()))
            .filter(Double::isFinite)
            .max()
            .orElse(1);
  }

  private static Chart chart(
      DamageReport report,
      String label,
      Function<DamageReport.Curve, List<DamageReport.Estimate>> what,
      double most) {
    Chart chart = new Chart("steps since the first damage", label).within(0, most);
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
