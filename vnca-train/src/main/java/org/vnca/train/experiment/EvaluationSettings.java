package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * The importance-weighted bound of a trained model.
 *
 * @param samples importance samples per image; 128 in the paper
 * @param split name of the split in the data file that is evaluated
 * @param images how many of its images, a random subset that is the same in every run; 0 for all,
 *     as in the paper
 * @param batch images decoded in one run of the graph, over all samples; changes memory, not the
 *     result
 * @param afterTraining whether {@code train} evaluates when the last step is done
 */
public record EvaluationSettings(
    int samples, String split, int images, int batch, boolean afterTraining) {
  /** The paper's 128 samples on all of the test split. */
  public static final EvaluationSettings PAPER = new EvaluationSettings(128, "test", 0, 128, false);

  public EvaluationSettings {
    InvalidSetting.requireAtLeast("samples", samples, 1);
    InvalidSetting.requirePresent("split", split);
    if (split.isBlank()) {
      throw new InvalidSetting("split", "must not be blank", "'" + split + "'");
    }
    InvalidSetting.requireAtLeast("images", images, 0);
    InvalidSetting.requireAtLeast("batch", batch, 1);
  }
}
