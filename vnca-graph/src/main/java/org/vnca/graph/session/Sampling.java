package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.graph.serving.Generation;
import org.vnca.graph.serving.ImportanceSampling;

/** Measures and draws: importance samples, latent vectors, images and how they grow. */
final class Sampling {
  private final OpenModel open;
  private final IntUnaryOperator decodings;
  private ImportanceSampling importance;
  private Generation generation;

  /**
   * Builds its parts of the graph when they are first asked for.
   *
   * @param decodings as {@link VncaSession#decodings}
   */
  Sampling(OpenModel open, IntUnaryOperator decodings) {
    this.open = open;
    this.decodings = decodings;
  }

  /** As {@link VncaSession#importanceSamples}. */
  VncaSession.SampleFigures importanceSamples(
      byte[] images, long[] numbers, long firstSample, int samples) {
    return importanceSamples(images, numbers, firstSample, samples, Sampling::figures);
  }

  /** As {@link VncaSession#traceImportanceSamples}. */
  StepTrace traceImportanceSamples(byte[] images, long[] numbers, int samples) {
    return importanceSamples(images, numbers, 0, samples, StepTrace::of);
  }

  private <T> T importanceSamples(
      byte[] images,
      long[] numbers,
      long firstSample,
      int samples,
      Function<Session.Runner, T> run) {
    if (firstSample % ImportanceSampling.BLOCK != 0) {
      throw new IllegalArgumentException(
          "the first sample's number must be a multiple of "
              + ImportanceSampling.BLOCK
              + ", but is "
              + firstSample);
    }
    if (importance == null) {
      importance = open.build(ImportanceSampling::build);
    }
    try (TUint8 batch = open.images(images);
        TInt64 which = TInt64.vectorOf(numbers);
        TInt64 first = TInt64.scalarOf(firstSample);
        TInt32 count = TInt32.scalarOf(samples)) {
      return run.apply(
          open.runner()
              .feed(importance.images(), batch)
              .feed(importance.numbers(), which)
              .feed(importance.first(), first)
              .feed(importance.samples(), count)
              .fetch(importance.logLikelihood())
              .fetch(importance.logPriorRatio())
              .fetch(importance.kl()));
    }
  }

  private static VncaSession.SampleFigures figures(Session.Runner runner) {
    try (Result result = runner.run()) {
      return new VncaSession.SampleFigures(
          Tensors.rows(result, 0), Tensors.rows(result, 1), Tensors.flat(result, 2));
    }
  }

  /** As {@link VncaSession#prior}. */
  float[][] prior(long[] numbers) {
    Generation part = generation();
    try (TInt64 which = TInt64.vectorOf(numbers)) {
      return rows(open.runner().feed(part.numbers(), which).fetch(part.prior()));
    }
  }

  /** As {@link VncaSession#posteriorMeans}. */
  float[][] posteriorMeans(byte[] images) {
    return ofImages(images, generation().posteriorMean());
  }

  /** As {@link VncaSession#pixels}. */
  float[][] pixels(byte[] images) {
    return ofImages(images, generation().pixels());
  }

  private float[][] ofImages(byte[] images, Operand<TFloat32> wanted) {
    try (TUint8 batch = open.images(images)) {
      return rows(open.runner().feed(generation().images(), batch).fetch(wanted));
    }
  }

  /** As {@link VncaSession#means}. */
  float[][] means(float[][] latents) {
    Generation part = generation();
    return inPieces(
        latents.length,
        (from, to) -> {
          try (TFloat32 z = Tensors.matrix(Arrays.copyOfRange(latents, from, to))) {
            return rows(open.runner().feed(part.latents(), z).fetch(part.mean()));
          }
        });
  }

  /** As {@link VncaSession#samples}. */
  float[][] samples(float[][] latents, long[] numbers) {
    return inPieces(
        latents.length, (from, to) -> samples(latents, numbers, from, to, Sampling::rows));
  }

  /** As {@link VncaSession#traceSamples}. */
  StepTrace traceSamples(float[][] latents, long[] numbers) {
    return samples(latents, numbers, 0, decodings.applyAsInt(latents.length), StepTrace::of);
  }

  private <T> T samples(
      float[][] latents, long[] numbers, int from, int to, Function<Session.Runner, T> run) {
    Generation part = generation();
    try (TFloat32 z = Tensors.matrix(Arrays.copyOfRange(latents, from, to));
        TInt64 which = TInt64.vectorOf(Arrays.copyOfRange(numbers, from, to))) {
      return run.apply(
          open.runner().feed(part.latents(), z).feed(part.numbers(), which).fetch(part.sample()));
    }
  }

  private float[][] inPieces(int count, Piece piece) {
    float[][] all = new float[count][];
    int most = decodings.applyAsInt(count);
    for (int from = 0; from < count; from += most) {
      int to = Math.min(count, from + most);
      System.arraycopy(piece.rows(from, to), 0, all, from, to - from);
    }
    return all;
  }

  /** As {@link VncaSession#grows}. */
  boolean grows() {
    return open.model().spec().decoder().cellular();
  }

  /** As {@link VncaSession#growth}. */
  List<VncaSession.GrowthStage> growth(float[] latent) {
    if (!grows()) {
      throw new IllegalStateException(
          "growth needs a cellular decoder, but this model's decoder is convolutional: its hidden"
              + " maps are no images");
    }
    Generation part = generation();
    Session.Runner runner = open.runner();
    part.growth().forEach(runner::fetch);
    try (TFloat32 z = Tensors.matrix(new float[][] {latent});
        Result result = runner.feed(part.latents(), z).run()) {
      List<VncaSession.GrowthStage> stages = new ArrayList<>();
      for (int i = 0; i < result.size(); i++) {
        Shape shape = result.get(i).shape();
        stages.add(
            new VncaSession.GrowthStage(Math.toIntExact(shape.get(2)), Tensors.rows(result, i)));
      }
      return stages;
    }
  }

  private static float[][] rows(Session.Runner runner) {
    try (Result result = runner.run()) {
      return Tensors.rows(result, 0);
    }
  }

  private Generation generation() {
    if (generation == null) {
      generation = open.build(Generation::build);
    }
    return generation;
  }

  /** Images from one on, up to another. */
  private interface Piece {
    float[][] rows(int from, int to);
  }
}
