package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.vnca.base.image.ImageShape;
import org.vnca.eval.OpenRun;
import org.vnca.graph.session.Sampling;
import org.vnca.graph.session.StudySession;
import org.vnca.train.console.Progress;
import org.vnca.train.picture.PixelImage;

/**
 * What a figure is drawn of.
 *
 * @param run the run
 * @param figure the figure's name
 * @param seed which dreams, images and damage
 * @param count how many of them
 */
record Subject(OpenRun run, String figure, long seed, int count) {
  /** Images in one run of the graph. */
  static final int PIECE = 16;

  /** Dreams of two seeds have no number in common. */
  private static final long DREAMS = 1_000_000;

  Sampling sampling() {
    return run.session().sampling();
  }

  StudySession study() {
    return run.session().study();
  }

  ImageShape image() {
    return run.session().image();
  }

  /** What a caption says of the size of the images: nothing if it is that of the training. */
  String size() {
    return run.session().grown()
        ? text(" Images of %1$d\u00d7%1$d pixels, not the size of the training.", image().height())
        : "";
  }

  /** Numbers of the dreams. */
  long[] numbers() {
    return LongStream.range(seed * DREAMS, seed * DREAMS + count).toArray();
  }

  /** Latent vectors of the dreams. */
  float[][] dreams() {
    return sampling().prior(numbers());
  }

  /** Begins to count. */
  Progress progress(String unit, long total) {
    return run.watch().progress("figure " + figure, unit, total, 0);
  }

  /** Counts, and ends the work if that was asked for. */
  void done(Progress progress, long done) {
    progress.step(done, "");
    run.requireGoingOn("figure " + figure);
  }

  /** Images ready to be drawn. */
  List<PixelImage> pictures(float[][] images) {
    List<PixelImage> pictures = new ArrayList<>();
    for (float[] image : images) {
      pictures.add(picture(image));
    }
    return pictures;
  }

  /** An image ready to be drawn; values that are no numbers any more are grey. */
  PixelImage picture(float[] image) {
    float[] values = image.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isNaN(values[i]) ? 0.5f : values[i];
    }
    return PixelImage.of(values, image());
  }

  /** Mean absolute difference of two images' values. */
  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** {@link #distance} averaged over images. */
  static double distance(float[][] a, float[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += distance(a[i], b[i]);
    }
    return sum / a.length;
  }

  /** Bits per dimension of nats per image. */
  double bitsPerDim(double nats) {
    return -nats / (image().dimensions() * Math.log(2));
  }

  /** The mean of numbers. */
  static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Rows of a matrix. */
  static float[][] slice(float[][] rows, int from, int to) {
    return Arrays.copyOfRange(rows, from, to);
  }
}
