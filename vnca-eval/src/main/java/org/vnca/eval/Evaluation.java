package org.vnca.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vnca.base.fault.Stopped;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.EvaluationSettings;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.OpenedModel;
import org.vnca.train.trainer.RunData;
import org.vnca.train.trainer.RunImages;
import org.vnca.train.trainer.Watch;

/** The importance-weighted bound of a run's checkpoint, as the paper measures it (section 3). */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Measures, and writes the report to {@code RUN/evaluation/}, and beside it the values of each
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
    Experiment experiment = further(run, options.further());
    EvaluationSettings settings = experiment.evaluation();
    ModelChoice model = options.model();
    try (ImageDataset dataset = open(run, experiment, model);
        OpenedModel opened = model.open(run, experiment, watch)) {
      Checkpoint checkpoint = opened.checkpoint();
      VncaSession session = opened.session();
      Split split = RunImages.split(experiment, dataset, options.split().orElse(settings.split()));
      int[] images =
          BoundEstimator.choose(split.size(), options.images().orElse(settings.images()));
      EvaluationHeader header =
          new EvaluationHeader(
              run.name(),
              checkpoint.step(),
              checkpoint.checksum(),
              dataset.checksum(),
              split.name(),
              images.length,
              experiment.seed(),
              options.samples(settings),
              options.further(),
              opened.weights(),
              opened.besideAverage(),
              EvaluationHeader.model(experiment));
      Path perImage = run.evaluation().resolve(header.fileName() + ".csv");
      try (EvaluationFile file =
          EvaluationFile.open(perImage, header, images, options.unfinished())) {
        long began = System.nanoTime();
        double[] variances =
            ActiveUnits.variances(session, split, images, () -> requireGoOn(file, images, watch));
        measure(
            run,
            new BoundEstimator(session, split, options.batch().orElse(settings.batch())),
            images,
            file,
            watch);
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

  /** The experiment whose decodings take more steps on the last grid. */
  private static Experiment further(RunDirectory run, int steps) {
    Experiment experiment = run.experiment();
    ModelSpec model = experiment.model();
    if (steps == 0) {
      return experiment;
    }
    if (!model.decoder().cellular()) {
      throw new StudyException(
          "--further needs a cellular automaton, but the decoder of %s is %s, which has no steps; evaluate it without"
              .formatted(run, model.decoder().type()));
    }
    return experiment.with(model.with(model.decoder().further(steps)));
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
   * What is measured, where it is other than the descriptor says.
   *
   * @param model of which checkpoint, and on which device
   * @param unfinished what becomes of an evaluation that was stopped, if there is one
   * @param split its name
   * @param samples numbers of importance samples, measured together; at least one, each at least 1
   * @param images how many, a random subset that is the same in every run; 0 for all
   * @param batch decodings in one run of the graph at most; changes memory, not the result
   * @param further steps of an automaton on its last grid, beyond those of a decoding
   */
  public record Options(
      ModelChoice model,
      Unfinished unfinished,
      Optional<String> split,
      Optional<List<Integer>> samples,
      Optional<Integer> images,
      Optional<Integer> batch,
      int further) {
    public Options {
      InvalidSetting.requireAtLeast("further", further, 0);
      samples = samples.map(counts -> counts.stream().sorted().distinct().toList());
      samples.ifPresent(counts -> InvalidSetting.requireAtLeast("samples", counts.size(), 1));
      samples.stream()
          .flatMap(List::stream)
          .forEach(count -> InvalidSetting.requireAtLeast("samples", count, 1));
      images.ifPresent(count -> InvalidSetting.requireAtLeast("images", count, 0));
      batch.ifPresent(count -> InvalidSetting.requireAtLeast("batch", count, 1));
    }

    /** No further steps. */
    public Options(
        ModelChoice model,
        Unfinished unfinished,
        Optional<String> split,
        Optional<List<Integer>> samples,
        Optional<Integer> images,
        Optional<Integer> batch) {
      this(model, unfinished, split, samples, images, batch, 0);
    }

    /** Everything as the descriptor says. */
    public Options(ModelChoice model, Unfinished unfinished) {
      this(
          model,
          unfinished,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    private List<Integer> samples(EvaluationSettings settings) {
      return samples.orElseGet(() -> List.of(settings.samples()));
    }
  }
}
