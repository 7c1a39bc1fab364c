package org.vnca.eval.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnca.base.fault.Hint;
import org.vnca.base.fault.Stopped;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;
import org.vnca.eval.Evaluation;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.ModelWeights;
import org.vnca.train.trainer.OpenedModel;
import org.vnca.train.trainer.RunImages;
import org.vnca.train.trainer.Watch;

/** The linear probe of a run's checkpoint. */
public final class Probe {
  private static final int BATCH = 100;

  private final VncaSession session;
  private final Watch watch;
  private final Options options;

  private Probe(VncaSession session, Watch watch, Options options) {
    this.session = session;
    this.watch = watch;
    this.options = options;
  }

  /**
   * Encodes the labelled images of the training splits and of the test split, learns from the
   * former, measures on the latter, and writes the report to {@code RUN/evaluation/}.
   *
   * @param path the run's directory
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws DatasetException if the run's dataset cannot be read or has no labels
   * @throws Stopped if it was stopped
   */
  public static ProbeReport of(Path path, Options options, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    String testName = options.split() == null ? experiment.data().test() : options.split();
    try (ImageDataset dataset = Evaluation.open(run, experiment, options.model())) {
      List<Split> train = RunImages.trainingSplits(experiment, dataset);
      Split test = RunImages.split(experiment, dataset, testName);
      if (experiment.data().train().contains(testName)) {
        throw new InvalidSetting(
            "split", "must not be one that the probe learns from", "'" + testName + "'");
      }
      train.forEach(split -> labels(dataset, split));
      labels(dataset, test);
      try (OpenedModel opened = options.model().open(run, experiment, watch)) {
        long began = System.nanoTime();
        Probe probe = new Probe(opened.session(), watch, options);
        Features features = probe.features(dataset, train);
        Measured measured =
            probe.measure(features, probe.features(dataset, List.of(test)), experiment.seed());
        ProbeReport report =
            measured.report(
                path.toString(),
                opened.checkpoint().step(),
                testName,
                (System.nanoTime() - began) / 1e9,
                opened.weights());
        String name = "probe-%s-step%d".formatted(testName, report.step());
        run.writeEvaluation(opened.besideAverage() ? name + "-trained-weights" : name, report);
        return report;
      }
    }
  }

  private static byte[] labels(ImageDataset dataset, Split split) {
    return split
        .labels()
        .orElseThrow(
            () ->
                new DatasetException(
                    "the probe needs labels, but split %s of dataset %s has none; import the data again with its labels (of pictures: --labels-by-folder; %s) and train on that"
                        .formatted(
                            split.name(), dataset.location(), Hint.command("help data import"))));
  }

  private Features features(ImageDataset dataset, List<Split> splits) {
    List<Features> all = new ArrayList<>();
    splits.forEach(split -> all.add(features(split, labels(dataset, split))));
    return all.stream().reduce((before, next) -> next.after(before)).orElseThrow();
  }

  private Features features(Split split, byte[] labels) {
    int[] images = BoundEstimator.choose(split.size(), options.images());
    float[][] rows = new float[images.length][];
    int[] classes = Arrays.stream(images).map(image -> labels[image] & 0xff).toArray();
    try (Progress progress = watch.progress("encode " + split.name(), "images", images.length, 0)) {
      for (int from = 0; from < images.length; from += BATCH) {
        int[] batch = Arrays.copyOfRange(images, from, Math.min(from + BATCH, images.length));
        float[][] means = session.sampling().posteriorMeans(split.read(batch));
        System.arraycopy(means, 0, rows, from, means.length);
        progress.step(from + batch.length, "");
        requireGoOn();
      }
    }
    return new Features(rows, classes);
  }

  private Measured measure(Features train, Features test, long seed) {
    int classes = 1 + Math.max(max(train.labels()), max(test.labels()));
    if (classes < 2 || train.size() < 20) {
      throw new DatasetException(
          "the probe needs at least 2 classes and 20 images to learn from, but there are %d and %d"
              .formatted(classes, train.size()));
    }
    SoftmaxProbe.Fit fit =
        SoftmaxProbe.fit(train, classes, Stream.SUBSET.key(seed, "probe"), this::requireGoOn);
    return new Measured(fit, fit.scaling().apply(train), fit.scaling().apply(test), classes);
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private void requireGoOn() {
    if (watch.stop().requested()) {
      throw new Stopped("the probe was stopped; nothing was written");
    }
  }

  private record Measured(SoftmaxProbe.Fit fit, Features train, Features test, int classes) {
    ProbeReport report(String run, long step, String split, double seconds, ModelWeights weights) {
      double accuracy = SoftmaxLoss.accuracy(fit.weights(), test, classes);
      return new ProbeReport(
          run,
          step,
          split,
          accuracy,
          Math.sqrt(accuracy * (1 - accuracy) / test.size()),
          SoftmaxLoss.crossEntropy(fit.weights(), test, classes),
          test.size(),
          classes,
          test.width(),
          train.size(),
          SoftmaxLoss.accuracy(fit.weights(), train, classes),
          fit.heldOut(),
          fit.l2(),
          fit.candidates(),
          fit.iterations(),
          seconds,
          weights.word());
    }
  }

  /**
   * What is probed.
   *
   * @param split on which the accuracy is measured; null for the descriptor's test split
   * @param images how many of each split, a random subset that is the same in every run; 0 for all
   * @param model of which checkpoint, and on which device
   */
  public record Options(String split, int images, ModelChoice model) {
    public Options {
      InvalidSetting.requireAtLeast("images", images, 0);
    }
  }
}
