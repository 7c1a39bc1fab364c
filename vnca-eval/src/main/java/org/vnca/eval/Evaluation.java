package org.vnca.eval;

import java.nio.file.Path;
import java.util.List;
import org.vnca.data.DatasetException;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.EvaluationSettings;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.measure.BoundSummary;
import org.vnca.train.measure.ImageBound;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.Models;
import org.vnca.train.trainer.TrainingException;
import org.vnca.train.trainer.Watch;

/** The importance-weighted bound of a run's checkpoint, as the paper measures it (section 3). */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Measures, and writes the report to {@code RUN/evaluation/}.
   *
   * @param path the run's directory
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws DatasetException if the run's dataset cannot be read
   * @throws TrainingException if it was stopped
   */
  public static EvaluationReport of(Path path, Options options, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    Options chosen = options.over(experiment.evaluation());
    Checkpoint checkpoint =
        run.checkpoints().resolve(chosen.checkpoint(), notice -> watch.err().println(notice));
    try (ImageDataset dataset = open(run, experiment);
        VncaSession session = Models.restored(experiment, checkpoint)) {
      Split split = dataset.split(chosen.split());
      long began = System.nanoTime();
      List<ImageBound> bounds = measure(run, session, split, chosen, watch);
      BoundSummary bound = BoundSummary.of(bounds, chosen.samples(), session.image().dimensions());
      EvaluationReport report =
          new EvaluationReport(
              path.toString(),
              checkpoint.step(),
              chosen.split(),
              bound.images(),
              bound.samples(),
              "iwae",
              bound.nats(),
              bound.natsStandardError(),
              bound.bitsPerDim(),
              bound.elboNats(),
              bound.reconstructionNats(),
              bound.klNats(),
              (System.nanoTime() - began) / 1e9);
      run.writeEvaluation(
          "iwae-%s-step%d-n%d-images%d"
              .formatted(report.split(), report.step(), report.samples(), report.images()),
          report);
      return report;
    }
  }

  /** The run's dataset, if it is still the one that the run was trained on. */
  static ImageDataset open(RunDirectory run, Experiment experiment) {
    ImageDataset dataset = ImageDataset.open(experiment.data().file());
    if (!dataset.checksum().equals(run.manifest().data().sha256())) {
      dataset.close();
      throw new DatasetException(
          experiment.data().file()
              + " is not the dataset that "
              + run
              + " was trained on: its sha256 differs from the one in manifest.json");
    }
    return dataset;
  }

  private static List<ImageBound> measure(
      RunDirectory run, VncaSession session, Split split, Options chosen, Watch watch) {
    int[] images = BoundEstimator.choose(split.size(), chosen.images());
    try (Progress progress = watch.progress("evaluate " + run.name(), "images", images.length, 0)) {
      return new BoundEstimator(session, split, chosen.batch())
          .measure(
              images,
              chosen.samples(),
              done -> {
                progress.step(done, "n = " + chosen.samples());
                if (watch.stop().requested()) {
                  throw new TrainingException(
                      "the evaluation was stopped after %d of %d images; nothing was written"
                          .formatted(done, images.length));
                }
              });
    }
  }

  /**
   * What is measured.
   *
   * @param split null for the descriptor's
   * @param samples n; 0 for the descriptor's
   * @param images how many, a random subset that is the same in every run; 0 for all, -1 for the
   *     descriptor's
   * @param checkpoint {@code best}, {@code latest} or a step
   * @param batch decodings in one run of the graph; 0 for the descriptor's; changes memory, not the
   *     result
   */
  public record Options(String split, int samples, int images, String checkpoint, int batch) {
    public Options {
      InvalidSetting.requireAtLeast("samples", samples, 0);
      InvalidSetting.requireAtLeast("images", images, -1);
      InvalidSetting.requireAtLeast("batch", batch, 0);
    }

    Options over(EvaluationSettings settings) {
      return new Options(
          split == null ? settings.split() : split,
          samples == 0 ? settings.samples() : samples,
          images == -1 ? settings.images() : images,
          checkpoint,
          batch == 0 ? settings.batch() : batch);
    }
  }
}
