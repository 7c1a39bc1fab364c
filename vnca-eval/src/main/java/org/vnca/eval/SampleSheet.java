package org.vnca.eval;

import java.nio.file.Path;
import java.util.Map;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.picture.Png;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Pictures;
import org.vnca.train.trainer.Watch;

/** A sheet of images that a run's model dreams: z from the prior, x from p(x|z). */
public final class SampleSheet {
  private SampleSheet() {}

  /**
   * Draws. Needs no dataset.
   *
   * @param path the run's directory
   * @param out the PNG, which appears whole or not at all
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   */
  public static SampleReport draw(Path path, Options options, Path out, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    Checkpoint checkpoint = options.model().find(run, watch);
    try (VncaSession session = options.model().open(experiment, checkpoint)) {
      Png.write(
          new Pictures(session).samples(options.count(), options.mean()),
          out,
          Map.of("run", run.name(), "step", Long.toString(checkpoint.step()), "figure", "samples"));
    }
    return new SampleReport(
        path.toString(), checkpoint.step(), out.toString(), options.count(), options.mean());
  }

  /**
   * What is drawn.
   *
   * @param count how many dreams, at least 1
   * @param mean whether means of p(x|z) are shown in place of samples
   * @param model of which checkpoint, and on which device
   */
  public record Options(int count, boolean mean, ModelChoice model) {
    public Options {
      InvalidSetting.requireAtLeast("count", count, 1);
    }
  }
}
