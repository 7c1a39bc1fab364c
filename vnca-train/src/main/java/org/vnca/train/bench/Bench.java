package org.vnca.train.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.vnca.base.file.Reason;
import org.vnca.base.image.ImageShape;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.batch.BatchStream;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.session.StepTrace;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.vae.ModelFlops;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.trainer.Models;
import org.vnca.train.trainer.RunImages;
import org.vnca.train.trainer.Watch;

/**
 * Times an experiment's paths on generated data: median, least and most of some runs after a
 * warm-up, floating-point operations by formula, and the device's rate with matrices.
 */
public final class Bench {
  /** Images of the file that {@code import} writes and reads. */
  private static final int IMPORTED = 10_000;

  private final Experiment experiment;
  private final Options options;
  private final Watch watch;
  private final InputSpec input;
  private final Host host;
  private final long began = System.nanoTime();
  private OptionalLong peak = OptionalLong.empty();
  private StepTrace trace = new StepTrace(Map.of(), List.of());

  private Bench(Experiment experiment, Options options, Watch watch) {
    this.experiment = withFixedSteps(experiment);
    this.options = options;
    this.watch = watch;
    this.input = GeneratedImages.input(experiment, options.image());
    this.host =
        experiment
            .train()
            .host(
                DeviceRequest.setting(experiment.train().device()),
                experiment.train().deviceNames(),
                Optional.empty());
  }

  /**
   * Measures.
   *
   * @throws BenchException if the size of the images is not known
   */
  public static Measured run(Experiment experiment, Options options, Watch watch) {
    Bench bench = new Bench(experiment, options, watch);
    BenchReport report =
        switch (options.what()) {
          case TRAIN -> bench.train();
          case EVALUATE -> bench.evaluate();
          case SAMPLE -> bench.sample();
          case IMPORT -> bench.importing();
        };
    return new Measured(report, bench.trace.operations());
  }

  /** T is what it is in evaluation, so that every step is the same work. */
  private static Experiment withFixedSteps(Experiment experiment) {
    ModelSpec model = experiment.model();
    return experiment.with(model.with(model.decoder().withFixedSteps()));
  }

  private BenchReport train() {
    int batch = batch(experiment.train().batch());
    InputSpec given = new InputSpec(RunImages.trained(experiment, input), 0, input.binary());
    byte[] images = GeneratedImages.of(given, batch);
    try (VncaSession session = Models.training(experiment, input, batch)) {
      session.initialize();
      double build = sinceBeginning();
      long[] step = {0};
      long flops =
          ModelFlops.step(experiment.model(), session.image(), batch, experiment.train().samples());
      Timing timing = measure(() -> session.training().step(images, step[0]++));
      trace = session.training().trace(images, step[0]++);
      return report(session, build, timing, batch, flops);
    }
  }

  private BenchReport evaluate() {
    int samples = batch(experiment.evaluation().batch());
    byte[] image = GeneratedImages.of(input, 1);
    try (VncaSession session = evaluating()) {
      double build = sinceBeginning();
      int rows = session.sampling().decodings(samples);
      long flops =
          ModelFlops.encoder(experiment.model(), session.image())
              + samples * ModelFlops.decoder(experiment.model(), session.image());
      long[] number = {0};
      Timing timing =
          measure(() -> BoundEstimator.draw(session, rows, image, number, samples, drawn -> {}));
      trace =
          session
              .sampling()
              .traceImportanceSamples(image, number, BoundEstimator.perRun(rows, samples));
      return report(session, build, timing, samples, flops);
    }
  }

  private BenchReport sample() {
    int count = batch(experiment.evaluation().batch());
    long[] numbers = LongStream.range(0, count).toArray();
    try (VncaSession session = evaluating()) {
      double build = sinceBeginning();
      float[][] latents = session.sampling().prior(numbers);
      long flops = count * ModelFlops.decoder(experiment.model(), session.image());
      Timing timing = measure(() -> session.sampling().samples(latents, numbers));
      trace = session.sampling().traceSamples(latents, numbers);
      return report(session, build, timing, count, flops);
    }
  }

  private VncaSession evaluating() {
    VncaSession session =
        VncaSession.forEvaluation(experiment.model(), input, experiment.seed(), host);
    session.initialize();
    return session;
  }

  /** Writes a file of generated images, then streams its batches. */
  private BenchReport importing() {
    int batch = batch(experiment.train().batch());
    if (batch > IMPORTED) {
      throw new BenchException(
          "import reads back the %d images that it writes, so a batch has at most that many, but --batch or train.batch is %d"
              .formatted(IMPORTED, batch));
    }
    Path folder = temporaryFolder();
    try {
      Path file = folder.resolve("images.h5");
      // A signal ends the program without the finally block below.
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      try {
        Timing timing = measure(() -> writeAndRead(file, batch));
        return report("CPU", 0, 0, timing, batch, IMPORTED, 0, 0);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("vnca-bench");
    } catch (IOException e) {
      throw new BenchException(
          "import writes a file into the temporary folder %s, which cannot be written: %s; set TMPDIR to another"
              .formatted(System.getProperty("java.io.tmpdir"), Reason.of(e)));
    }
  }

  private void writeAndRead(Path file, int batch) {
    byte[] pixels = GeneratedImages.of(input, 1);
    SplitContent content =
        new SplitContent(
            "train",
            new SplitShape(IMPORTED, input.stored()),
            () -> new Repeated(pixels),
            Optional.empty());
    DatasetWriter.write(
        file,
        new DatasetHeader(
            "generated",
            "vnca bench",
            input.binary() ? Pixels.BINARY : Pixels.UINT8,
            input.binary() ? DatasetHeader.Layout.COMPRESSED : DatasetHeader.Layout.CONTIGUOUS),
        List.of(content),
        ImportProgress.SILENT);
    try (ImageDataset dataset = ImageDataset.open(file.toString());
        BatchStream batches = BatchStream.open(List.of(dataset.split("train")), 1, batch, 0)) {
      for (int i = 0; i < IMPORTED / batch; i++) {
        batches.next();
      }
    }
  }

  private BenchReport report(
      VncaSession session, double build, Timing timing, int batch, long flops) {
    double matmul = MatmulRate.measure(host, precision()) / 1e9;
    return report(
        session.device(), session.parameterCount(), build, timing, batch, batch, flops, matmul);
  }

  private Timing measure(Runnable step) {
    step.run();
    double first = sinceBeginning();
    double firstAfterStart =
        (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    double[] seconds = new double[options.runs()];
    try (Progress progress =
        watch.progress(experiment.name(), "runs", options.warmUp() + options.runs(), 0)) {
      for (int i = 0; i < options.warmUp() + options.runs(); i++) {
        long before = System.nanoTime();
        step.run();
        if (i >= options.warmUp()) {
          seconds[i - options.warmUp()] = (System.nanoTime() - before) / 1e9;
        }
        progress.step(i + 1L, "");
      }
    }
    // Before the statistics of a step and the matrices, which take memory themselves.
    peak = ProcessMemory.peak();
    Arrays.sort(seconds);
    return new Timing(first, firstAfterStart, seconds);
  }

  private BenchReport report(
      String device,
      long parameters,
      double build,
      Timing timing,
      int batch,
      int images,
      long flops,
      double matmul) {
    double median = timing.median();
    double rate = flops / median / 1e9;
    return new BenchReport(
        experiment.name(),
        options.what().name().toLowerCase(Locale.ROOT),
        device,
        precision().name().toLowerCase(Locale.ROOT),
        batch,
        images,
        options.runs(),
        median,
        timing.seconds()[0],
        timing.seconds()[options.runs() - 1],
        images / median,
        flops,
        rate,
        matmul,
        matmul == 0 ? 0 : rate / matmul,
        build,
        timing.first(),
        timing.firstAfterStart(),
        peak,
        trace.peakBytes(),
        parameters);
  }

  /** What measures and draws multiplies in float32. */
  private Precision precision() {
    return options.what() == What.TRAIN ? experiment.train().precision() : Precision.FLOAT32;
  }

  private int batch(int ofTheExperiment) {
    return options.batch() == 0 ? ofTheExperiment : options.batch();
  }

  private double sinceBeginning() {
    return (System.nanoTime() - began) / 1e9;
  }

  /** What is timed. */
  public enum What {
    /** The training step. */
    TRAIN,
    /** Importance samples of one image. */
    EVALUATE,
    /** Images drawn from p(x|z). */
    SAMPLE,
    /** Writing a file of images and streaming its batches. */
    IMPORT
  }

  /**
   * What was found.
   *
   * @param report the numbers
   * @param operations where the time of one more run of the graph went, the longest first; empty
   *     for {@code IMPORT}
   */
  public record Measured(BenchReport report, List<StepTrace.OperationTime> operations) {}

  /**
   * How it is timed.
   *
   * @param what what
   * @param batch images of a step, for {@code EVALUATE} decodings; 0 for the experiment's
   * @param warmUp steps that are not timed, after the first
   * @param runs steps that are timed
   * @param image shape of a stored image; null for that of the data file or of the model
   */
  public record Options(What what, int batch, int warmUp, int runs, ImageShape image) {}

  /**
   * Seconds.
   *
   * @param first from the beginning to the end of the first step
   * @param firstAfterStart from the start of the virtual machine to there
   * @param seconds of the timed steps, sorted
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Timing(double first, double firstAfterStart, double[] seconds) {
    double median() {
      int middle = seconds.length / 2;
      return seconds.length % 2 == 1
          ? seconds[middle]
          : (seconds[middle - 1] + seconds[middle]) / 2;
    }
  }

  /** The same image again and again. */
  private static final class Repeated implements ImageSource {
    private final byte[] pixels;
    private int next;

    Repeated(byte[] pixels) {
      this.pixels = pixels;
    }

    @Override
    public boolean next(byte[] image) {
      if (next == IMPORTED) {
        return false;
      }
      System.arraycopy(pixels, 0, image, 0, pixels.length);
      next++;
      return true;
    }

    @Override
    public void close() {}
  }
}
