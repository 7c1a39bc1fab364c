package org.vnca.eval.figure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StudyException;
import org.vnca.eval.chart.Chart;
import org.vnca.train.console.Progress;

/** Encodings of test images in the plane, coloured by their labels (paper, figures 5b and 5c). */
final class LatentMap {
  private static final int PERPLEXITY = 30;
  private static final int ITERATIONS = 1000;
  private static final double THETA = 0.5;
  private static final int NEIGHBOURS = 10;
  private static final int LEAST = 3 * PERPLEXITY + 2;
  private static final int PIECE = 250;
  private static final double WIDTH = 430;
  private static final double HEIGHT = 380;

  private LatentMap() {}

  /** Draws it. */
  static Drawn draw(Subject subject) {
    OpenRun.TestImages images = subject.run().images(subject.seed(), subject.count());
    if (images.count() < LEAST) {
      throw new StudyException(
          "figure latent-map needs at least %d images of split %s, but has %d; give a larger --count, or a run whose data.test has more"
              .formatted(LEAST, subject.run().testSplit(), images.count()));
    }
    float[][] latents = new float[images.count()][];
    double[][] map;
    TSne tsne;
    try (Progress progress = subject.progress("iterations", ITERATIONS)) {
      for (int from = 0; from < latents.length; from += PIECE) {
        int to = Math.min(latents.length, from + PIECE);
        float[][] means = subject.sampling().posteriorMeans(images.read(from, to));
        System.arraycopy(means, 0, latents, from, to - from);
        subject.done(progress, 0);
      }
      tsne = TSne.of(latents, PERPLEXITY);
      map = tsne.embed(ITERATIONS, THETA, subject.seed(), done -> subject.done(progress, done));
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("images", latents.length);
    numbers.put("perplexity", PERPLEXITY);
    numbers.put("iterations", ITERATIONS);
    numbers.put("divergenceNats", tsne.divergence(map));
    int[] labels = images.labels().orElse(null);
    String purity = "";
    if (labels != null) {
      double latent = purity(latents, labels);
      double plane = purity(floats(map), labels);
      numbers.put("sameLabelOf10NeighboursInLatentSpace", latent);
      numbers.put("sameLabelOf10NeighboursInMap", plane);
      purity =
          Subject.text(
              " Of the 10 nearest neighbours, %.1f %% have the same label in the latent space and %.1f %% in the map.",
              100 * latent, 100 * plane);
    }
    return Drawn.still(
        List.of(chart(map, labels)),
        Subject.text(
            "t-SNE (perplexity %d) of the means of q(z|x) of %,d test images%s.%s",
            PERPLEXITY,
            latents.length,
            labels == null ? ", whose labels are not known" : ", coloured by label",
            purity),
        numbers);
  }

  private static Chart chart(double[][] map, int[] labels) {
    Chart chart = new Chart("t-SNE 1", "t-SNE 2", WIDTH, HEIGHT).plane();
    int[] kinds =
        labels == null ? new int[] {0} : Arrays.stream(labels).distinct().sorted().toArray();
    for (int kind : kinds) {
      int[] members =
          IntStream.range(0, map.length).filter(i -> labels == null || labels[i] == kind).toArray();
      chart.points(
          labels == null ? "images" : Integer.toString(kind),
          Arrays.stream(members).mapToDouble(i -> map[i][0]).toArray(),
          Arrays.stream(members).mapToDouble(i -> map[i][1]).toArray());
    }
    return chart;
  }

  /** Share of the nearest neighbours that have the label of their point. */
  private static double purity(float[][] points, int[] labels) {
    int n = points.length;
    return IntStream.range(0, n)
            .parallel()
            .mapToDouble(
                i -> {
                  double[] distances = new double[n];
                  Arrays.setAll(distances, j -> TSne.distance(points[i], points[j]));
                  distances[i] = Double.POSITIVE_INFINITY;
                  return Arrays.stream(TSne.nearest(distances, NEIGHBOURS))
                      .filter(j -> labels[j] == labels[i])
                      .count();
                })
            .sum()
        / ((double) NEIGHBOURS * n);
  }

  private static float[][] floats(double[][] map) {
    return Arrays.stream(map)
        .map(row -> new float[] {(float) row[0], (float) row[1]})
        .toArray(float[][]::new);
  }
}
