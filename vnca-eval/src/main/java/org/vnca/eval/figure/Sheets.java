package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.vnca.eval.OpenRun;
import org.vnca.graph.session.States;
import org.vnca.train.console.Progress;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.TileSheet;

/** Sheets of images: reconstructions, dreams, and what lies between two images. */
final class Sheets {
  private static final int COLUMNS = 10;
  private static final int POINTS = 10;

  private Sheets() {}

  /** Test images, a sample and the mean of p(x | mean of q(z|x)) (paper, figures 3, 6, 7, 13). */
  static Drawn reconstructions(Subject subject) {
    OpenRun.TestImages images = subject.run().images(subject.seed(), subject.count());
    List<PixelImage> originals = new ArrayList<>();
    List<PixelImage> samples = new ArrayList<>();
    List<PixelImage> means = new ArrayList<>();
    double nats = 0;
    double error = 0;
    try (Progress progress = subject.progress("images", images.count())) {
      for (int from = 0; from < images.count(); from += Subject.PIECE) {
        int to = Math.min(images.count(), from + Subject.PIECE);
        byte[] stored = images.read(from, to);
        float[][] latents = subject.sampling().posteriorMeans(stored);
        States states = subject.study().last(latents);
        float[][] pixels = subject.sampling().pixels(stored);
        float[][] mean = subject.study().means(states);
        originals.addAll(subject.pictures(pixels));
        samples.addAll(
            subject.pictures(subject.sampling().samples(latents, images.numbers(from, to))));
        means.addAll(subject.pictures(mean));
        nats += (to - from) * Subject.mean(subject.study().logLikelihoods(states, stored));
        error += (to - from) * Subject.distance(pixels, mean);
        subject.done(progress, to);
      }
    }
    int columns = Math.min(COLUMNS, images.count());
    TileSheet grid = new TileSheet().groups(3);
    for (int from = 0; from < images.count(); from += columns) {
      int to = Math.min(images.count(), from + columns);
      grid.row("test image", originals.subList(from, to));
      grid.row("sample", samples.subList(from, to));
      grid.row("mean", means.subList(from, to));
    }
    nats /= images.count();
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("images", images.count());
    numbers.put("split", subject.run().testSplit());
    numbers.put("reconstructionNats", nats);
    numbers.put("reconstructionBitsPerDim", subject.bitsPerDim(nats));
    numbers.put("meanAbsoluteError", error / images.count());
    return Drawn.still(
        List.of(grid),
        Subject.text(
            "Test set reconstructions: images of the split %s, a sample of p(x|z) and its mean, z the mean of q(z|x). log p(x|z) = %.2f nats per image (%d images).",
            subject.run().testSplit(), nats, images.count()),
        numbers);
  }

  /** Dreams (paper, figures 3, 6, 13, 14). */
  static Drawn samples(Subject subject) {
    return dreams(subject, false);
  }

  /** Means of dreams (paper, figure 7). */
  static Drawn sampleMeans(Subject subject) {
    return dreams(subject, true);
  }

  private static Drawn dreams(Subject subject, boolean mean) {
    List<PixelImage> tiles = new ArrayList<>();
    float[][] latents = subject.dreams();
    double level = 0;
    try (Progress progress = subject.progress("images", subject.count())) {
      for (int from = 0; from < subject.count(); from += Subject.PIECE) {
        int to = Math.min(subject.count(), from + Subject.PIECE);
        float[][] piece = Subject.slice(latents, from, to);
        long[] numbers = Arrays.copyOfRange(subject.numbers(), from, to);
        float[][] images =
            mean ? subject.sampling().means(piece) : subject.sampling().samples(piece, numbers);
        for (float[] image : images) {
          level += Subject.mean(image) / subject.count();
        }
        tiles.addAll(subject.pictures(images));
        subject.done(progress, to);
      }
    }
    TileSheet grid = TileSheet.of(tiles, TileSheet.columns(subject.count()));
    return Drawn.still(
        List.of(grid),
        "Unconditional samples: z from the prior, "
            + (mean ? "the mean of p(x|z)." : "x drawn from p(x|z).")
            + subject.size(),
        new TreeMap<>(Map.of("images", subject.count(), "meanPixel", level)));
  }

  /** Straight lines in the latent space between pairs of test images (paper, figure 5a). */
  static Drawn interpolation(Subject subject) {
    OpenRun.TestImages images = subject.run().images(subject.seed(), 2 * subject.count());
    int pairs = images.count() / 2;
    TileSheet grid = new TileSheet();
    List<Double> steps = new ArrayList<>();
    try (Progress progress = subject.progress("pairs", pairs)) {
      for (int pair = 0; pair < pairs; pair++) {
        byte[] stored = images.read(2 * pair, 2 * pair + 2);
        float[][] ends = subject.sampling().posteriorMeans(stored);
        float[][] line = new float[POINTS][];
        for (int i = 0; i < POINTS; i++) {
          line[i] = between(ends[0], ends[1], i / (POINTS - 1f));
        }
        float[][] means = subject.sampling().means(line);
        List<PixelImage> pixels = subject.pictures(subject.sampling().pixels(stored));
        List<PixelImage> row = new ArrayList<>();
        row.add(pixels.get(0));
        row.addAll(subject.pictures(means));
        row.add(pixels.get(1));
        grid.row("", row);
        steps.add(
            IntStream.range(1, POINTS)
                .mapToDouble(i -> Subject.distance(means[i - 1], means[i]))
                .max()
                .orElse(0));
        subject.done(progress, pair + 1);
      }
    }
    List<String> labels = new ArrayList<>(List.of("image"));
    for (int i = 0; i < POINTS; i++) {
      labels.add(Subject.text("%.2f", i / (POINTS - 1.0)));
    }
    labels.add("image");
    return Drawn.still(
        List.of(grid.columns(labels)),
        "Linear interpolations between the encodings of pairs of test images, which stand at both ends; the share of the second above. Means of p(x|z).",
        new TreeMap<>(Map.of("pairs", pairs, "points", POINTS, "largestStepOfEachPair", steps)));
  }

  private static float[] between(float[] a, float[] b, float share) {
    float[] point = new float[a.length];
    for (int d = 0; d < a.length; d++) {
      point[d] = (1 - share) * a[d] + share * b[d];
    }
    return point;
  }
}
