package org.vnca.eval.probe;

import java.util.Arrays;
import org.vnca.train.measure.Mean;

/** Shifts and scales columns to mean 0 and variance 1; a constant column becomes 0. */
final class Scaling {
  private final double[] means;
  private final double[] scales;

  private Scaling(double[] means, double[] scales) {
    this.means = means;
    this.scales = scales;
  }

  /** That of some rows. */
  static Scaling of(Features features) {
    Mean[] columns = new Mean[features.width()];
    Arrays.setAll(columns, i -> new Mean());
    for (float[] row : features.rows()) {
      for (int i = 0; i < row.length; i++) {
        columns[i].add(row[i]);
      }
    }
    return new Scaling(
        Arrays.stream(columns).mapToDouble(Mean::value).toArray(),
        Arrays.stream(columns).mapToDouble(column -> scale(column.variance())).toArray());
  }

  private static double scale(double variance) {
    return variance > 0 ? 1 / Math.sqrt(variance) : 0;
  }

  Features apply(Features features) {
    float[][] scaled = new float[features.size()][features.width()];
    for (int n = 0; n < scaled.length; n++) {
      for (int i = 0; i < means.length; i++) {
        scaled[n][i] = (float) ((features.rows()[n][i] - means[i]) * scales[i]);
      }
    }
    return new Features(scaled, features.labels());
  }
}
