package org.vnca.train.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.vnca.data.Split;
import org.vnca.data.keyed.KeyedPermutation;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.serving.ImportanceSampling;
import org.vnca.graph.session.Sampling;
import org.vnca.graph.session.VncaSession;

/**
 * Measures bounds of images of a split with any number of samples, in pieces of at most so many
 * decodings, so that memory grows with neither images nor samples. The result does not depend on
 * the size of a piece, up to rounding.
 */
public final class BoundEstimator {
  private final Sampler sampler;
  private final Function<int[], byte[]> pixels;
  private final int rows;
  private final int dimensions;

  /** Where importance samples come from. */
  @FunctionalInterface
  interface Sampler {
    /** As {@link Sampling#importanceSamples}. */
    Sampling.SampleValues importanceSamples(
        byte[] images, long[] numbers, int firstSample, int samples);
  }

  /**
   * An estimator for a split.
   *
   * @param rows decodings in one run of the graph at most, at least 1; more than 1 image at a time
   *     only where all samples of an image fit
   */
  public BoundEstimator(VncaSession session, Split split, int rows) {
    this(
        session.sampling()::importanceSamples,
        split::read,
        session.sampling().decodings(rows),
        session.image().dimensions());
  }

  /**
   * An estimator of anything that gives samples.
   *
   * @param pixels of images by their indices
   * @param rows decodings in one run at most
   * @param dimensions H W channels of an image
   */
  BoundEstimator(Sampler sampler, Function<int[], byte[]> pixels, int rows, int dimensions) {
    this.sampler = sampler;
    this.pixels = pixels;
    this.rows = rows;
    this.dimensions = dimensions;
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
   * Measures with several numbers of samples at once: the bound of few samples is that of the first
   * of the many.
   *
   * @param images indices into the split
   * @param first place in {@code images} of the first that is wanted. The images are cut into the
   *     same pieces wherever one starts, so that the results are the same to the last bit
   * @param samples numbers of importance samples of each image, ascending
   * @param taker is given the results piece by piece, in the order of the images
   */
  public void measure(
      int[] images, int first, List<Integer> samples, Consumer<List<ImageBound>> taker) {
    int perRun = Math.max(1, rows / samples.get(samples.size() - 1));
    for (int from = first / perRun * perRun; from < images.length; from += perRun) {
      int[] batch = Arrays.copyOfRange(images, from, Math.min(from + perRun, images.length));
      List<ImageBound> measured = measureBatch(batch, samples);
      taker.accept(measured.subList(Math.max(0, first - from), measured.size()));
    }
  }

  /** As {@link #measure}, averaged. */
  public BoundSummary summarize(int[] images, int samples) {
    List<ImageBound> bounds = new ArrayList<>();
    measure(images, 0, List.of(samples), bounds::addAll);
    return BoundSummary.of(bounds, samples, dimensions);
  }

  private List<ImageBound> measureBatch(int[] batch, List<Integer> samples) {
    int most = samples.get(samples.size() - 1);
    byte[] read = pixels.apply(batch);
    long[] numbers = Arrays.stream(batch).asLongStream().toArray();
    Sums[] sums = new Sums[batch.length];
    Arrays.setAll(sums, i -> new Sums(samples));
    draw(
        sampler,
        rows,
        read,
        numbers,
        most,
        drawn -> {
          for (int i = 0; i < batch.length; i++) {
            sums[i].add(drawn, i);
          }
        });
    List<ImageBound> result = new ArrayList<>();
    for (int i = 0; i < batch.length; i++) {
      result.add(new ImageBound(batch[i], sums[i].bounds, sums[i].likelihood.value(), sums[i].kl));
    }
    return result;
  }

  /**
   * Draws importance samples of images in as many runs of the graph as it takes.
   *
   * @param rows decodings in one run at most; but noise is drawn in blocks, and a run draws at
   *     least one
   * @param pixels of the images, as {@link Split#read} gives them
   * @param numbers of the images in their split, which their noise depends on
   * @param samples of each image
   * @param taker is given the samples run by run
   */
  public static void draw(
      VncaSession session,
      int rows,
      byte[] pixels,
      long[] numbers,
      int samples,
      Consumer<Sampling.SampleValues> taker) {
    draw(session.sampling()::importanceSamples, rows, pixels, numbers, samples, taker);
  }

  private static void draw(
      Sampler sampler,
      int rows,
      byte[] pixels,
      long[] numbers,
      int samples,
      Consumer<Sampling.SampleValues> taker) {
    int piece = perRun(rows, samples);
    for (int first = 0; first < samples; first += piece) {
      int count = Math.min(piece, samples - first);
      taker.accept(sampler.importanceSamples(pixels, numbers, first, count));
    }
  }

  /** How many samples of an image the largest run of {@link #draw} draws. */
  public static int perRun(int rows, int samples) {
    int block = ImportanceSampling.BLOCK;
    return samples <= rows ? samples : Math.max(block, rows / block * block);
  }

  /** What is kept of an image's samples while they come. */
  private static final class Sums {
    private final List<Integer> samples;
    private final LogMeanExp bound = new LogMeanExp();
    private final Mean likelihood = new Mean();
    private final List<Double> bounds = new ArrayList<>();
    private float kl;

    Sums(List<Integer> samples) {
      this.samples = samples;
    }

    void add(Sampling.SampleValues drawn, int image) {
      float[] logLikelihood = drawn.logLikelihood()[image];
      for (int s = 0; s < logLikelihood.length; s++) {
        add(logLikelihood[s], drawn.logPriorRatio()[image][s]);
      }
      kl = drawn.kl()[image];
    }

    private void add(double logLikelihood, double logPriorRatio) {
      bound.add(logLikelihood + logPriorRatio);
      likelihood.add(logLikelihood);
      if (likelihood.count() == samples.get(bounds.size())) {
        bounds.add(bound.value());
      }
    }
  }
}
