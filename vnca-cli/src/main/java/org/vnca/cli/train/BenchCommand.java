package org.vnca.cli.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnca.base.file.Reason;
import org.vnca.base.image.ImageShape;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Json;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.bench.Bench;
import org.vnca.train.bench.BenchReport;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;

/** Times an experiment's training step, or another of its paths. */
public final class BenchCommand implements Command {
  private static final String BATCH = "batch";
  private static final String RUNS = "runs";
  private static final String WARM_UP = "warm-up";
  private static final String WHAT = "what";
  private static final String IMAGE = "image";
  private static final String TRACE = "trace";

  /** How many kinds of operations people are shown. */
  private static final int SHOWN = 15;

  private static final List<String> WHATS =
      Arrays.stream(Bench.What.values()).map(w -> w.name().toLowerCase(Locale.ROOT)).toList();
  private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})x([1-4])");

  @Override
  public Usage usage() {
    return new Usage(
        "bench",
        List.of("EXPERIMENT"),
        "time a training step, or another path, on generated data",
        List.of(
            "evaluate times one image's importance samples, sample the drawing of images, import"
                + " writing a dataset and reading its batches; train, the default, the whole step:"
                + " encoder, decoder, loss, gradients, clipping, Adam. Model FLOPs are two"
                + " for each multiply-add, three forward passes, whatever is computed twice; beside"
                + " them stands the rate of this machine's matrix products, measured in the same"
                + " process. Where a number of steps is drawn, it is that of evaluation."),
        List.of(
            Flag.valued(WHAT, "PATH", "train, evaluate, sample or import; default: train"),
            Flag.valued(
                BATCH, "N", "images of a step, for evaluate decodings; default: the descriptor's"),
            Flag.valued(RUNS, "N", "timed steps, of which the median counts; default: 5"),
            Flag.valued(WARM_UP, "N", "steps before them, after the first; default: 1"),
            Flag.valued(
                IMAGE,
                "HxWxC",
                "shape of a stored image; default: that of the data file, or what the model makes"),
            Flag.valued(
                TRACE,
                "FILE.json",
                "write where the time of one more training step goes, by kind of operation"),
            Flag.repeatable(Flag.SET, "KEY=VALUE", "override a key of the descriptor")),
        List.of(
            "bench experiments/mnist-doubling.yaml --batch 4",
            "bench experiments/quickstart.yaml --set train.precision=bfloat16",
            "bench experiments/celeba-damage.yaml --image 32x32x3 --runs 3 --json"));
  }

  @Override
  public int run(Words words, Console console) {
    Experiment experiment = ExperimentReader.read(words.path(0), words.texts(Flag.SET));
    String what = words.choice(WHAT, WHATS).orElse("train");
    Bench.Options options =
        new Bench.Options(
            Bench.What.valueOf(what.toUpperCase(Locale.ROOT)),
            words.whole(BATCH, 1).orElse(0),
            words.whole(WARM_UP, 0).orElse(1),
            words.whole(RUNS, 1).orElse(5),
            words.text(IMAGE).map(word -> shape(words, word)).orElse(null));
    Optional<Path> file = traceFile(words, options);
    Bench.Measured measured = Bench.run(experiment, options, console.watch());
    OperationTimes times = OperationTimes.of(measured);
    String table = file.isPresent() ? "\n" + times.table(SHOWN) : "";
    // First, so that the measurement is not lost if the file cannot be written.
    console.answer(measured.report(), text(measured.report()) + table);
    file.ifPresent(path -> write(path, Json.write(times)));
    return DONE;
  }

  private static Optional<Path> traceFile(Words words, Bench.Options options) {
    Optional<Path> file = words.pathOf(TRACE);
    if (file.isPresent() && options.what() != Bench.What.TRAIN) {
      throw words.fault("--trace is for the training step only");
    }
    file.ifPresent(path -> write(path, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    return file;
  }

  /** Nothing is appended at first, so that what cannot be written shows before the measurement. */
  private static void write(Path file, String text, OpenOption... how) {
    try {
      Files.writeString(file, text, how);
    } catch (FileSystemException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      // A full disk is told without the file's name.
      throw new UncheckedIOException(new FileSystemException(file.toString(), null, Reason.of(e)));
    }
  }

  private static ImageShape shape(Words words, String word) {
    Matcher shape = SHAPE.matcher(word);
    if (!shape.matches()) {
      throw words.wrong(IMAGE, "must be HEIGHTxWIDTHxCHANNELS, such as 32x32x3");
    }
    try {
      return new ImageShape(
          Integer.parseInt(shape.group(1)),
          Integer.parseInt(shape.group(2)),
          Integer.parseInt(shape.group(3)));
    } catch (IllegalArgumentException e) {
      throw words.wrong(IMAGE, "must fit into one array");
    }
  }

  /** What a step is. */
  private static String work(BenchReport report) {
    return hasGraph(report)
        ? "batch %d, %s".formatted(report.batch(), report.precision())
        : String.format(
            Locale.ROOT,
            "%,d images written, and read in batches of %d,",
            report.imagesPerStep(),
            report.batch());
  }

  private static boolean hasGraph(BenchReport report) {
    return report.modelFlopsPerStep() > 0;
  }

  private static String text(BenchReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %s, %s on %s: %.4f s (%.4f to %.4f, %d runs), %.1f a second%n",
            report.experiment(),
            report.what(),
            work(report),
            report.device(),
            report.secondsPerStep(),
            report.secondsLeast(),
            report.secondsMost(),
            report.runs(),
            report.imagesPerSecond()));
    if (hasGraph(report)) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.1f GFLOP by formula: %.1f GFLOP/s, %.0f %% of this device's %.1f GFLOP/s with"
                  + " matrices%n",
              report.modelFlopsPerStep() / 1e9,
              report.gflopsPerSecond(),
              100 * report.shareOfMatmul(),
              report.matmulGflopsPerSecond()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%sfirst step done after %.2f s, %.2f s after the program's start",
            hasGraph(report)
                ? String.format(Locale.ROOT, "graph built in %.2f s; ", report.buildSeconds())
                : "",
            report.firstStepSeconds(),
            report.firstStepAfterStartSeconds()));
    report
        .peakMemoryBytes()
        .ifPresent(
            bytes -> text.append(String.format(Locale.ROOT, "; peak memory %,d MiB", bytes >> 20)));
    report
        .peakDeviceMemoryBytes()
        .forEach(
            (device, bytes) ->
                text.append(String.format(Locale.ROOT, "; of %s %,d MiB", device, bytes >> 20)));
    return text.toString();
  }
}
