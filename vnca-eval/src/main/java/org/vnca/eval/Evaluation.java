package org.vnca.eval;

import java.nio.file.Path;
import java.util.List;
import org.vnca.base.fault.Stopped;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.EvaluationSettings;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.RunData;
import org.vnca.train.trainer.Watch;

/** The importance-weighted bound of a run's checkpoint, as the paper measures it (section 3). */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Measures, and writes the report to {@code RUN/evaluation/}, and beside it the figures of each
   * image.
   *
   * @param path the run's directory
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint, or if the images
   *     of an earlier evaluation would be lost or cannot be gone on with
   * @throws DatasetException if the run's dataset cannot be read
   * @throws Stopped if it was stopped
   */
  public static EvaluationReport of(Path path, Options options, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    Options chosen = options.over(experiment.evaluation());
    Checkpoint checkpoint = chosen.model().find(run, watch);
    try (ImageDataset dataset = open(run, experiment, chosen.model())) {
      Split split = dataset.split(chosen.split());
      int[] images = BoundEstimator.choose(split.size(), chosen.images());
      EvaluationHeader header =
          new EvaluationHeader(
              run.name(),
              checkpoint.step(),
              checkpoint.checksum(),
              dataset.checksum(),
              split.name(),
              images.length,
              experiment.seed(),
              chosen.samples(),
              EvaluationHeader.model(experiment));
      Path perImage = run.evaluation().resolve(header.fileName() + ".csv");
      try (VncaSession session = chosen.model().open(experiment, checkpoint);
          EvaluationFile file =
              EvaluationFile.open(perImage, header, images, chosen.unfinished())) {
        long began = System.nanoTime();
        double[] variances =
            ActiveUnits.variances(session, split, images, () -> requireGoOn(file, images, watch));
        measure(run, new BoundEstimator(session, split, chosen.batch()), images, file, watch);
        EvaluationReport report =
            new EvaluationAverages(header, session.image().dimensions())
                .addAll(file)
                .report(path, variances, (System.nanoTime() - began) / 1e9);
        run.writeEvaluation(header.fileName(), report);
        file.finish();
        return report;
      }
    }
  }

  /** The dataset of a run, which must be the one that it was trained on. */
  public static ImageDataset open(RunDirectory run, Experiment experiment, ModelChoice model) {
    return RunData.open(run, experiment.data().file(), model.data());
  }

  private static void measure(
      RunDirectory run, BoundEstimator estimator, int[] images, EvaluationFile file, Watch watch) {
    List<Integer> samples = file.header().samples();
    String status = "n = " + samples.get(samples.size() - 1);
    try (Progress progress =
        watch.progress("evaluate " + run.name(), "images", images.length, file.done())) {
      estimator.measure(
          images,
          file.done(),
          samples,
          measured -> {
            file.append(measured);
            progress.step(file.done(), status);
            requireGoOn(file, images, watch);
          });
    }
  }

  private static void requireGoOn(EvaluationFile file, int[] images, Watch watch) {
    if (watch.stop().requested()) {
      throw new Stopped(
          "the evaluation was stopped after %d of %d images; go on with it by --resume"
              .formatted(file.done(), images.length));
    }
  }

  /**
   * What is measured.
   *
   * @param split null for the descriptor's
   * @param samples numbers of importance samples, measured together; none for the descriptor's one
   * @param images how many, a random subset that is the same in every run; 0 for all, -1 for the
   *     descriptor's
   * @param model of which checkpoint, and on which device
   * @param batch decodings in one run of the graph at most; 0 for the descriptor's; changes memory,
   *     not the result
   * @param unfinished what becomes of an evaluation that was stopped, if there is one
   */
  public record Options(
      String split,
      List<Integer> samples,
      int images,
      ModelChoice model,
      int batch,
      Unfinished unfinished) {
    public Options {
      samples = samples.stream().sorted().distinct().toList();
      samples.forEach(count -> InvalidSetting.requireAtLeast("samples", count, 1));
      InvalidSetting.requireAtLeast("images", images, -1);
      InvalidSetting.requireAtLeast("batch", batch, 0);
    }

    Options over(EvaluationSettings settings) {
      return new Options(
          split == null ? settings.split() : split,
          samples.isEmpty() ? List.of(settings.samples()) : samples,
          images == -1 ? settings.images() : images,
          model,
          batch == 0 ? settings.batch() : batch,
          unfinished);
    }
  }
}
