package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.serving.Generation;
import org.vnca.graph.serving.ImportanceSampling;
import org.vnca.graph.spec.ModelSpec;

/**
 * Measures and draws: importance samples, latent vectors, images and how they grow. Belongs to a
 * {@link VncaSession}, and ends with it. If that was opened for images of another side than the
 * data's, what takes images of the data throws {@link IllegalStateException}.
 */
public final class Sampling {
  /** Bytes of the widest maps that are decoded at a time: beyond a CPU's caches, it is slower. */
  private static final long MAPS_ON_A_CPU = 32L << 20;

  private static final long MAPS_ON_A_GPU = 1L << 30;

  private final OpenModel open;
  private final boolean gpu;
  private ImportanceSampling importance;
  private Generation generation;

  /**
   * Builds its parts of the graph when they are first asked for.
   *
   * @param gpu whether it decodes on a GPU
   */
  Sampling(OpenModel open, boolean gpu) {
    this.open = open;
    this.gpu = gpu;
  }

  /**
   * How many images one run of the graph decodes best. No more than whose largest maps fit 32 MiB
   * together on a CPU, where more are slower, and 1 GiB on a GPU.
   *
   * @param wanted at most so many
   */
  public int decodings(int wanted) {
    ModelSpec spec = open.model().spec();
    ImageShape image = open.model().image();
    long map =
        (long) Float.BYTES
            * image.height()
            * image.width()
            * spec.decoder().widestChannels(spec.latent());
    long fit = (gpu ? MAPS_ON_A_GPU : MAPS_ON_A_CPU) / map;
    return (int) Math.min(wanted, Math.max(1, fit));
  }

  /**
   * Importance samples of some images. An image's values depend on the seed, its number and the
   * samples' numbers, not on what else is in the batch.
   *
   * @param images {@code [B, h, w, channels]}
   * @param numbers which image of its split each is, {@code [B]}
   * @param firstSample number of the first sample, a multiple of {@link ImportanceSampling#BLOCK}
   * @param samples S, how many of each image
   */
  public SampleValues importanceSamples(
      byte[] images, long[] numbers, long firstSample, int samples) {
    return importanceSamples(images, numbers, firstSample, samples, Sampling::sampleValues);
  }

  /** As {@link #importanceSamples} from the first sample on, with TensorFlow's statistics. */
  public StepTrace traceImportanceSamples(byte[] images, long[] numbers, int samples) {
    return importanceSamples(images, numbers, 0, samples, StepTrace::of);
  }

  private <T> T importanceSamples(
      byte[] images,
      long[] numbers,
      long firstSample,
      int samples,
      Function<Session.Runner, T> run) {
    open.requireNotGrown();
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

  private static SampleValues sampleValues(Session.Runner runner) {
    try (Result result = runner.run()) {
      return new SampleValues(
          Tensors.rows(result, 0), Tensors.rows(result, 1), Tensors.flat(result, 2));
    }
  }

  /** Latent vectors drawn from the prior, one for each number: {@code [N, Z]}. */
  public float[][] prior(long[] numbers) {
    Generation part = generation();
    try (TInt64 which = TInt64.vectorOf(numbers)) {
      return rows(open.runner().feed(part.numbers(), which).fetch(part.prior()));
    }
  }

  /** Mean of q(z|x) of stored images: {@code [N, Z]}. */
  public float[][] posteriorMeans(byte[] images) {
    return ofImages(images, generation().posteriorMean());
  }

  /** Stored images as the model sees them: {@code [N, H W channels]} in [0, 1]. */
  public float[][] pixels(byte[] images) {
    return ofImages(images, generation().pixels());
  }

  private float[][] ofImages(byte[] images, Operand<TFloat32> wanted) {
    open.requireNotGrown();
    try (TUint8 batch = open.images(images)) {
      return rows(open.runner().feed(generation().images(), batch).fetch(wanted));
    }
  }

  /** Mean images of p(x|z): {@code [N, H W channels]} in [0, 1]. */
  public float[][] means(float[][] latents) {
    Generation part = generation();
    return inPieces(
        latents.length,
        (from, to) -> {
          try (TFloat32 z = Tensors.matrix(Arrays.copyOfRange(latents, from, to))) {
            return rows(open.runner().feed(part.latents(), z).fetch(part.mean()));
          }
        });
  }

  /**
   * Images drawn from p(x|z): {@code [N, H W channels]} in [0, 1].
   *
   * @param numbers of the draws, {@code [N]}
   */
  public float[][] samples(float[][] latents, long[] numbers) {
    return inPieces(
        latents.length, (from, to) -> samples(latents, numbers, from, to, Sampling::rows));
  }

  /**
   * TensorFlow's statistics of the first run of {@link #samples}: of its {@link #decodings}, which
   * no later run has more of.
   */
  public StepTrace traceSamples(float[][] latents, long[] numbers) {
    return samples(latents, numbers, 0, decodings(latents.length), StepTrace::of);
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
    int most = decodings(count);
    for (int from = 0; from < count; from += most) {
      int to = Math.min(count, from + most);
      System.arraycopy(piece.rows(from, to), 0, all, from, to - from);
    }
    return all;
  }

  /** Whether the decoder is an automaton, so that {@link #growth} has something to show. */
  public boolean grows() {
    return open.model().spec().decoder().cellular();
  }

  /**
   * Mean images of every state on the way from one latent vector, stage by stage.
   *
   * @throws IllegalStateException if the decoder is no automaton
   */
  public List<GrowthStage> growth(float[] latent) {
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
      List<GrowthStage> stages = new ArrayList<>();
      for (int i = 0; i < result.size(); i++) {
        Shape shape = result.get(i).shape();
        stages.add(new GrowthStage(Math.toIntExact(shape.get(2)), Tensors.rows(result, i)));
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

  /**
   * Importance samples, nats.
   *
   * @param logLikelihood {@code [B, S]}: log p(x|z)
   * @param logPriorRatio {@code [B, S]}: log p(z) - log q(z|x)
   * @param kl {@code [B]}: KL(q(z|x) || p(z))
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record SampleValues(float[][] logLikelihood, float[][] logPriorRatio, float[] kl) {}

  /**
   * A stage of growth: the images after its beginning (a seed or a doubling) and after each step.
   *
   * @param side of the grid
   * @param images {@code [M + 1, side side channels]} in [0, 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record GrowthStage(int side, float[][] images) {}
}
