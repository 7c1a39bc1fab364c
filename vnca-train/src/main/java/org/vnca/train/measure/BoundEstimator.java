package org.vnca.train.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.vnca.data.KeyedPermutation;
import org.vnca.data.Split;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.vae.ImportanceSampling;

/**
 * Measures bounds of images of a split with any number of samples, in pieces of at most so many
 * decodings, so that memory grows with neither images nor samples. The result does not depend on
 * the size of a piece, up to rounding.
 */
public final class BoundEstimator {
  private final VncaSession session;
  private final Split split;
  private final int rows;

  /**
   * An estimator for a split.
   *
   * @param rows decodings in one run of the graph, at least 1; more than 1 image at a time only
   *     where all samples of an image fit
   */
  public BoundEstimator(VncaSession session, Split split, int rows) {
    this.session = session;
    this.split = split;
    this.rows = rows;
  }

  /**
   * Which images of a split are measured: all, or a keyed random subset, the same in every run,
   * since a published split may be sorted by class.
   *
   * @param size images in the split
   * @param wanted how many; all if it is 0 or not below {@code size}
   * @return ascending
   */
  public static int[] choose(int size, int wanted) {
    return wanted <= 0 || wanted >= size
        ? IntStream.range(0, size).toArray()
        : KeyedPermutation.of(Stream.SUBSET.key(0), size).subset(wanted);
  }

  /**
   * Measures.
   *
   * @param images indices into the split
   * @param samples n, importance samples of each image
   * @param progress told how many images are done
   * @return one for each image, in the order given
   */
  public List<ImageBound> measure(int[] images, int samples, IntConsumer progress) {
    int perRun = Math.max(1, rows / samples);
    int piece = samples <= rows ? samples : wholeBlocks(rows);
    List<ImageBound> bounds = new ArrayList<>();
    for (int from = 0; from < images.length; from += perRun) {
      int[] batch = Arrays.copyOfRange(images, from, Math.min(from + perRun, images.length));
      bounds.addAll(measureBatch(batch, samples, piece));
      progress.accept(bounds.size());
    }
    return bounds;
  }

  /** As {@link #measure}, averaged. */
  public BoundSummary summarize(int[] images, int samples) {
    return BoundSummary.of(
        measure(images, samples, done -> {}), samples, session.image().dimensions());
  }

  private List<ImageBound> measureBatch(int[] batch, int samples, int piece) {
    byte[] pixels = split.read(batch);
    long[] numbers = Arrays.stream(batch).asLongStream().toArray();
    LogMeanExp[] bounds = new LogMeanExp[batch.length];
    Arrays.setAll(bounds, i -> new LogMeanExp());
    double[] likelihoods = new double[batch.length];
    float[] kl = {};
    for (int first = 0; first < samples; first += piece) {
      int count = Math.min(piece, samples - first);
      VncaSession.SampleFigures drawn = session.importanceSamples(pixels, numbers, first, count);
      for (int i = 0; i < batch.length; i++) {
        for (int s = 0; s < count; s++) {
          double logLikelihood = drawn.logLikelihood()[i][s];
          bounds[i].add(logLikelihood + drawn.logPriorRatio()[i][s]);
          likelihoods[i] += logLikelihood / samples;
        }
      }
      kl = drawn.kl();
    }
    List<ImageBound> result = new ArrayList<>();
    for (int i = 0; i < batch.length; i++) {
      result.add(
          new ImageBound(
              batch[i], bounds[i].value(), likelihoods[i] - kl[i], likelihoods[i], kl[i]));
    }
    return result;
  }

  /** The noise is drawn in blocks; a piece is at least one. */
  private static int wholeBlocks(int rows) {
    int block = ImportanceSampling.BLOCK;
    return Math.max(block, rows / block * block);
  }
}
